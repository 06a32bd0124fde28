namespace Recorder.Kernel.Interop;

/// <summary>Turns the loader's failure into one that says what to install.</summary>
internal static class LibBpfPresence
{
    public static T Guard<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException
            || e is TypeInitializationException { InnerException: DllNotFoundException or EntryPointNotFoundException })
        {
            throw new CaptureException("libbpf.so.1 (libbpf 1.1 or newer) can't be loaded: install the package libbpf1", e);
        }
    }

    public static void Guard(Action call) => Guard(() =>
    {
        call();
        return true;
    });
}
