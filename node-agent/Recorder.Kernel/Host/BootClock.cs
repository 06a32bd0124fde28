using Recorder.Kernel.Interop;

namespace Recorder.Kernel.Host;

/// <summary>The clock of all times in records.</summary>
internal static unsafe class BootClock
{
    /// <summary>CLOCK_BOOTTIME in nanoseconds.</summary>
    public static ulong Now()
    {
        long* time = stackalloc long[2];
        _ = LibC.ClockGetTime(LibC.ClockBoottime, time); // it can't fail for a clock that exists
        return ((ulong)time[0] * 1_000_000_000) + (ulong)time[1];
    }
}
