using System.Buffers;

namespace Recorder.Wire;

/// <summary>Kinds of messages between an agent and a collector.</summary>
public enum MessageKind : byte
{
    /// <summary>No message.</summary>
    None = 0,

    /// <summary><see cref="Wire.Hello"/>.</summary>
    Hello = 1,

    /// <summary><see cref="Wire.Welcome"/>.</summary>
    Welcome = 2,

    /// <summary><see cref="BatchMessage"/>.</summary>
    Batch = 3,

    /// <summary><see cref="Wire.Ack"/>.</summary>
    Ack = 4,

    /// <summary><see cref="Wire.Refuse"/>.</summary>
    Refuse = 5,

    /// <summary><see cref="Wire.Heads"/>.</summary>
    Heads = 6,

    /// <summary><see cref="Wire.HeadsAre"/>.</summary>
    HeadsAre = 7,

    /// <summary><see cref="Wire.Ping"/>.</summary>
    Ping = 8,

    /// <summary><see cref="Wire.Pong"/>.</summary>
    Pong = 9,
}

/// <summary>A message between an agent and a collector.</summary>
public abstract record Message
{
    /// <summary>Its kind.</summary>
    public abstract MessageKind Kind { get; }

    /// <summary>Elements behind the kind.</summary>
    internal abstract int Elements { get; }

    /// <summary>Writes the message without its length: for vectors and tests. <see cref="MessageFraming"/> writes it for the wire.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(1 + Elements);
        writer.WriteUInt64((byte)Kind);
        WriteElements(ref writer);
        writer.Flush();
    }

    /// <summary>Reads a message without its length.</summary>
    /// <param name="bytes">The whole message. A BATCH keeps a part of it, not a copy.</param>
    /// <exception cref="WireFormatException">It is not a message of FORMAT.md.</exception>
    public static Message Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > WireLimits.Message)
            throw new WireFormatException(RefuseCode.MessageTooLarge, 0, $"a message of {bytes.Length} bytes");
        var check = new MessagePackReader(bytes.Span);
        check.Skip();
        if (!check.End)
            throw check.Error(check.Position, "bytes behind the message");
        var reader = new MessagePackReader(bytes.Span);
        int count = reader.ReadArrayHeader();
        if (count == 0)
            throw reader.Error(0, "a message without a kind");
        ulong kind = reader.ReadUInt64();
        int least = LeastElements(kind);
        if (least < 0)
            throw reader.Error(0, $"unknown message kind {kind}");
        if (count - 1 < least)
            throw reader.Error(0, "a message that is too short");
        return Read((MessageKind)kind, ref reader, bytes);
    }

    internal abstract void WriteElements(ref MessagePackWriter writer);

    private static int LeastElements(ulong kind) => (MessageKind)Math.Min(kind, byte.MaxValue) switch
    {
        MessageKind.Hello => 5,
        MessageKind.Welcome => 3,
        MessageKind.Ack or MessageKind.Refuse => 2,
        MessageKind.Batch or MessageKind.Heads or MessageKind.HeadsAre or MessageKind.Ping or MessageKind.Pong => 1,
        _ => -1,
    };

    private static Message Read(MessageKind kind, ref MessagePackReader reader, ReadOnlyMemory<byte> bytes) => kind switch
    {
        MessageKind.Hello => Hello.ReadElements(ref reader),
        MessageKind.Welcome => Welcome.ReadElements(ref reader),
        MessageKind.Batch => BatchMessage.ReadElements(ref reader, bytes),
        MessageKind.Ack => new Ack(reader.ReadUuid(), reader.ReadUInt64()),
        MessageKind.Refuse => new Refuse(reader.ReadString(), reader.ReadString()),
        MessageKind.Heads => Heads.ReadElements(ref reader),
        MessageKind.HeadsAre => HeadsAre.ReadElements(ref reader),
        MessageKind.Ping => new Ping(reader.ReadUInt64()),
        _ => new Pong(reader.ReadUInt64()),
    };
}
