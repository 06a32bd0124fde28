using Recorder.Kernel.Interop;

namespace Recorder.Kernel.Programs;

/// <summary>Runs the program close_session, which ends what is left of a session's streams.</summary>
internal static unsafe class SessionCloser
{
    public const string Program = "close_session";

    /// <summary>0 or a negative error number.</summary>
    public static int Run(KernelHandle program, ulong session)
    {
        // struct recorder_close is the number alone.
        var options = new LibBpf.TestRunOptions
        {
            Size = (nuint)sizeof(LibBpf.TestRunOptions),
            ContextIn = &session,
            ContextSizeIn = sizeof(ulong),
        };
        int error = LibBpf.TestRun(program, &options);
        return error < 0 ? error : (int)options.ReturnValue;
    }
}
