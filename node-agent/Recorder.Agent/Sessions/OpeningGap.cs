using Recorder.Wire;

namespace Recorder.Agent.Sessions;

/// <summary>Bytes of a stream that went by before its first record.</summary>
/// <param name="Length">How many; null: not known.</param>
/// <param name="Reason">Why.</param>
/// <param name="From">Since when, CLOCK_BOOTTIME nanoseconds.</param>
internal readonly record struct OpeningGap(ulong? Length, GapReason Reason, ulong From);
