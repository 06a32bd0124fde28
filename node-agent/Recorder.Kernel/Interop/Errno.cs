using System.Runtime.InteropServices;

namespace Recorder.Kernel.Interop;

/// <summary>Error numbers that are told apart here, and their names for messages.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int NoProcess = 3;
    public const int Interrupted = 4;
    public const int Again = 11;
    public const int Busy = 16;
    public const int Exists = 17;

    public static int Last => Marshal.GetLastPInvokeError();

    /// <summary>"message (errno N)" of a positive or negative error number.</summary>
    public static string Describe(int error)
    {
        error = Math.Abs(error);
        return $"{Marshal.GetPInvokeErrorMessage(error)} (errno {error})";
    }

    public static string DescribeLast() => Describe(Last);
}
