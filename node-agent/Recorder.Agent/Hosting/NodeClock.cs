using System.Runtime.InteropServices;

namespace Recorder.Agent.Hosting;

/// <summary>The node's clocks, nanoseconds: CLOCK_BOOTTIME orders what is recorded, CLOCK_REALTIME says when that was.</summary>
internal static partial class NodeClock
{
    private const int RealTimeClock = 0;
    private const int BootTimeClock = 7;

    /// <summary>Nanoseconds since boot, sleep included.</summary>
    public static ulong BootTime => Read(BootTimeClock);

    /// <summary>One instant on both clocks.</summary>
    /// <remarks>Of three readings the one that took the least time is taken: a preemption between the clocks would shift all wall times.</remarks>
    public static (ulong BootTime, ulong RealTime) Now
    {
        get
        {
            (ulong Boot, ulong Real, ulong Took) best = (0, 0, ulong.MaxValue);
            for (int i = 0; i < 3; i++)
            {
                ulong before = Read(BootTimeClock);
                ulong real = Read(RealTimeClock);
                ulong took = Read(BootTimeClock) - before;
                if (took < best.Took)
                    best = (before + (took / 2), real, took);
            }

            return (best.Boot, best.Real);
        }
    }

    private static ulong Read(int clock)
    {
        // Both clocks exist on every kernel that runs .NET: the call can't fail.
        _ = GetTime(clock, out TimeSpec time);
        return ((ulong)time.Seconds * 1_000_000_000) + (ulong)time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
