using System.Runtime.InteropServices;

namespace Recorder.Kernel;

/// <summary>
/// The head of every record: <c>struct recorder_event</c>, 64 bytes. Times are CLOCK_BOOTTIME nanoseconds, pids are
/// thread group ids as the host's pid namespace sees them.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct KernelEvent
{
    /// <summary>Bytes of the head.</summary>
    public const int Size = 64;

    /// <summary>What the record says.</summary>
    public KernelEventType Type { get; init; }

    /// <summary>Which stream, for DATA, GAP and STREAM_END.</summary>
    public KernelStream Stream { get; init; }

    /// <summary>GAP: a <see cref="KernelGapReason"/>; STREAM_END: a <see cref="KernelEndCause"/>.</summary>
    public byte Reason { get; init; }

    /// <summary>Payload bytes that follow and are valid.</summary>
    public uint PayloadSize { get; init; }

    /// <summary>The session's number in this load of the programs, from 1; 0: none.</summary>
    public ulong Session { get; init; }

    /// <summary>The record's number in the session, from 0: a hole is a lost record.</summary>
    public ulong Sequence { get; init; }

    /// <summary>CLOCK_BOOTTIME nanoseconds.</summary>
    public ulong Time { get; init; }

    /// <summary>DATA, GAP: the first byte's offset. STREAM_END: the stream's total.</summary>
    public ulong Offset { get; init; }

    /// <summary>DATA, GAP: stream bytes that this record stands for.</summary>
    public ulong Length { get; init; }

    /// <summary>The process that made the call.</summary>
    public uint Pid { get; init; }

    /// <summary>Its thread.</summary>
    public uint Tid { get; init; }

    /// <summary>Flags of the record's type.</summary>
    public uint Flags { get; init; }

    /// <summary>A value of the record's type.</summary>
    public uint Value { get; init; }

    /// <summary>The reason of a GAP.</summary>
    public KernelGapReason GapReason => (KernelGapReason)Reason;

    /// <summary>The cause of a STREAM_END.</summary>
    public KernelEndCause EndCause => (KernelEndCause)Reason;

    /// <summary>The flags of DATA.</summary>
    public KernelDataFlags DataFlags => (KernelDataFlags)Flags;

    /// <summary>The columns of a RESIZE.</summary>
    public ushort Columns => (ushort)(Value >> 16);

    /// <summary>The rows of a RESIZE.</summary>
    public ushort Rows => (ushort)Value;
}
