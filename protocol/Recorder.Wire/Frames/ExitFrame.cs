using System.Buffers;

namespace Recorder.Wire;

/// <summary>A process ended.</summary>
/// <param name="Pid">Its pid as the host sees it.</param>
/// <param name="Start">When it started, CLOCK_BOOTTIME nanoseconds.</param>
/// <param name="ExitCode">Its exit code; null: it died of a signal, or not known.</param>
/// <param name="Signal">The signal that ended it, or null.</param>
/// <param name="CoreDumped">Whether it left a core.</param>
public readonly record struct ExitFrame(uint Pid, ulong Start, int? ExitCode, int? Signal, bool CoreDumped)
{
    internal const int Elements = 5;

    /// <summary>Appends the frame to the output. Allocates nothing.</summary>
    public void Write(IBufferWriter<byte> output, ulong seq, ulong time, Guid subject)
    {
        MessagePackWriter writer = FrameHeader.Begin(output, FrameType.Exit, Elements, seq, time, subject);
        writer.WriteUInt64(Pid);
        writer.WriteUInt64(Start);
        FrameValues.WriteOptional(ref writer, ExitCode);
        FrameValues.WriteOptional(ref writer, Signal);
        writer.WriteBoolean(CoreDumped);
        writer.Flush();
    }

    /// <summary>Reads the body of an EXIT frame.</summary>
    public static ExitFrame Read(ref MessagePackReader reader) => new(
        FrameValues.ReadUInt32(ref reader),
        reader.ReadUInt64(),
        FrameValues.ReadOptionalInt32(ref reader),
        FrameValues.ReadOptionalInt32(ref reader),
        reader.ReadBoolean());
}
