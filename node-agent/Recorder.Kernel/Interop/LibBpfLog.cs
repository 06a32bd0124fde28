using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Recorder.Kernel.Interop;

/// <summary>What libbpf prints, the verifier's log included, kept for the thread that made the call.</summary>
internal static unsafe class LibBpfLog
{
    private const int Warning = 0;

    [ThreadStatic]
    private static StringBuilder? s_text;

    static LibBpfLog() => LibBpf.SetPrint(&Print);

    /// <summary>Begins to collect on this thread, and forgets what was collected.</summary>
    public static void Begin() => s_text = new StringBuilder();

    /// <summary>What was printed on this thread since <see cref="Begin"/>.</summary>
    public static string End()
    {
        string text = s_text?.ToString() ?? "";
        s_text = null;
        return text;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Print(int level, byte* format, nint arguments)
    {
        if (s_text is not { } log || level != Warning)
            return 0;
        // va_list is passed by reference on every ABI that this runs on, so it can be handed on as a pointer.
        byte* text = null;
        int length = LibC.VASPrintF(&text, format, arguments);
        if (length < 0)
            return 0;
        log.Append(Encoding.UTF8.GetString(text, length));
        LibC.Free(text);
        return length;
    }
}
