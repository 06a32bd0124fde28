using Recorder.Kernel.Interop;
using Recorder.Kernel.Maps;

namespace Recorder.Kernel.Programs;

/// <summary>
/// Runs the iterator over all tasks, once for each pass: containers and their oldest tasks, then entries, then what
/// they inherit. The programs are attached before, so a process that begins meanwhile is classified by its parent.
/// </summary>
internal static unsafe class TaskScan
{
    public const int Passes = 5;

    /// <exception cref="CaptureException">The iterator could not be made or read.</exception>
    public static void Run(ProgramSpec spec, KernelHandle program, ProgramVariables variables)
    {
        using KernelHandle link = ProgramHook.Attach(spec, program);
        for (uint pass = 0; pass < Passes; pass++)
        {
            variables.ScanPass = pass;
            using KernelHandle iterator = KernelHandle.TakeBpf(LibBpf.IteratorCreate(link), "task iterator");
            ReadToEnd(iterator);
        }
    }

    private static void ReadToEnd(KernelHandle iterator)
    {
        byte* sink = stackalloc byte[256];
        while (true)
        {
            nint n = LibC.Read(iterator, sink, 256);
            if (n > 0 || (n < 0 && Errno.Last is (Errno.Interrupted or Errno.Again)))
                continue;
            if (n == 0)
                return;
            throw new CaptureException($"task iterator: {Errno.DescribeLast()}");
        }
    }
}
