using System.Buffers;

namespace Recorder.Wire;

/// <summary>The session is over.</summary>
/// <param name="Cause">How that is known.</param>
/// <param name="ExitCode">Exit code of the root process; null: not known, or it died of a signal.</param>
/// <param name="Signal">The signal that ended the root process, or null.</param>
/// <param name="ProcessesLeft">Processes of the session that still ran.</param>
public readonly record struct SessionEndFrame(SessionEndCause Cause, int? ExitCode, int? Signal, uint ProcessesLeft)
{
    internal const int Elements = 4;

    /// <summary>Appends the frame to the output. Allocates nothing.</summary>
    public void Write(IBufferWriter<byte> output, ulong seq, ulong time, Guid subject)
    {
        MessagePackWriter writer = FrameHeader.Begin(output, FrameType.SessionEnd, Elements, seq, time, subject);
        writer.WriteUInt64((byte)Cause);
        FrameValues.WriteOptional(ref writer, ExitCode);
        FrameValues.WriteOptional(ref writer, Signal);
        writer.WriteUInt64(ProcessesLeft);
        writer.Flush();
    }

    /// <summary>Reads the body of a SESSION_END frame.</summary>
    public static SessionEndFrame Read(ref MessagePackReader reader) => new(
        (SessionEndCause)FrameValues.ReadCode(ref reader, (byte)SessionEndCause.NotObserved),
        FrameValues.ReadOptionalInt32(ref reader),
        FrameValues.ReadOptionalInt32(ref reader),
        FrameValues.ReadUInt32(ref reader));
}
