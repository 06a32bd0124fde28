using System.Buffers;

namespace Recorder.Wire;

/// <summary>A process was made. A process is named by its pid and start time together.</summary>
/// <param name="Pid">Its pid as the host sees it.</param>
/// <param name="Start">When it started, CLOCK_BOOTTIME nanoseconds.</param>
/// <param name="ParentPid">Its parent's pid as the host sees it.</param>
/// <param name="ParentStart">When its parent started.</param>
/// <param name="NamespacePid">Its pid in its own pid namespace.</param>
public readonly record struct ForkFrame(uint Pid, ulong Start, uint ParentPid, ulong ParentStart, uint NamespacePid)
{
    internal const int Elements = 5;

    /// <summary>Appends the frame to the output. Allocates nothing.</summary>
    public void Write(IBufferWriter<byte> output, ulong seq, ulong time, Guid subject)
    {
        MessagePackWriter writer = FrameHeader.Begin(output, FrameType.Fork, Elements, seq, time, subject);
        writer.WriteUInt64(Pid);
        writer.WriteUInt64(Start);
        writer.WriteUInt64(ParentPid);
        writer.WriteUInt64(ParentStart);
        writer.WriteUInt64(NamespacePid);
        writer.Flush();
    }

    /// <summary>Reads the body of a FORK frame.</summary>
    public static ForkFrame Read(ref MessagePackReader reader) => new(
        FrameValues.ReadUInt32(ref reader),
        reader.ReadUInt64(),
        FrameValues.ReadUInt32(ref reader),
        reader.ReadUInt64(),
        FrameValues.ReadUInt32(ref reader));
}
