using System.Buffers;

namespace Recorder.Wire.Tests;

/// <summary>Decodes what a vector holds and encodes it again from what was understood.</summary>
internal static class Decoding
{
    public static byte[] Reencode(string kind, byte[] bytes)
    {
        using var buffer = new PooledBuffer();
        switch (kind)
        {
            case "frame": ReencodeFrames(bytes, buffer); break;
            case "message": Message.Read(bytes).Write(buffer); break;
            default: ReencodeBatch(Batch.Read(bytes), buffer); break;
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void ReencodeFrames(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        foreach (Frame frame in new FrameReader(bytes))
            Reencode(frame, output);
    }

    private static void Reencode(Frame frame, IBufferWriter<byte> output)
    {
        (FrameType type, ulong seq, ulong time, Guid subject) = frame.Header;
        MessagePackReader body = frame.Body;
        switch (type)
        {
            case FrameType.Session: SessionFrame.Read(ref body).Write(output, seq, time, subject); break;
            case FrameType.Data: DataFrame.Read(ref body).Write(output, seq, time, subject); break;
            case FrameType.Gap: GapFrame.Read(ref body).Write(output, seq, time, subject); break;
            case FrameType.StreamEnd: StreamEndFrame.Read(ref body).Write(output, seq, time, subject); break;
            case FrameType.SessionEnd: SessionEndFrame.Read(ref body).Write(output, seq, time, subject); break;
            case FrameType.Resize: ResizeFrame.Read(ref body).Write(output, seq, time, subject); break;
            case FrameType.Fork: ForkFrame.Read(ref body).Write(output, seq, time, subject); break;
            case FrameType.Exec: ExecFrame.Read(ref body).Write(output, seq, time, subject); break;
            case FrameType.Exit: ExitFrame.Read(ref body).Write(output, seq, time, subject); break;
            case FrameType.Connect: ConnectFrame.Read(ref body).Write(output, seq, time, subject); break;
            case FrameType.Probes: ProbesFrame.Read(ref body).Write(output, seq, time, subject); break;
            case FrameType.Node: NodeFrame.Read(ref body).Write(output, seq, time, subject); break;
            case FrameType.Unrecordable: UnrecordableFrame.Read(ref body).Write(output, seq, time, subject); break;
            default: OpaqueFrame.From(frame).Write(output, seq, time, subject); break;
        }
    }

    private static void ReencodeBatch(Batch batch, IBufferWriter<byte> output)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(2);
        WriteHeader(ref writer, batch.Header);
        writer.WriteArrayHeader(batch.Sections.Count);
        foreach (BatchSection section in batch.Sections)
        {
            writer.WriteArrayHeader(3);
            writer.WriteUuid(section.Subject);
            writer.WriteDigest(section.PreviousHead);
            writer.WriteBinary(section.Frames.Span);
        }

        writer.Flush();
    }

    private static void WriteHeader(ref MessagePackWriter writer, BatchHeader header)
    {
        writer.WriteArrayHeader(10);
        writer.WriteUInt64(1);
        writer.WriteUuid(header.Origin);
        writer.WriteUuid(header.Epoch);
        writer.WriteUInt64(header.Number);
        writer.WriteUInt64(header.FirstSeq);
        writer.WriteUInt64(header.LastSeq);
        writer.WriteUuid(header.BootId);
        writer.WriteUInt64(header.BootTime);
        writer.WriteUInt64(header.RealTime);
        writer.WriteDigest(header.Previous);
    }
}
