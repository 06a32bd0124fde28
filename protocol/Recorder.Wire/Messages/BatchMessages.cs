namespace Recorder.Wire;

/// <summary>A batch, as it was cut.</summary>
/// <param name="Batch">The encoded batch, for <see cref="Wire.Batch.Read"/>.</param>
public sealed record BatchMessage(ReadOnlyMemory<byte> Batch) : Message
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.Batch;

    internal override int Elements => 1;

    internal override void WriteElements(ref MessagePackWriter writer) => writer.WriteBinary(Batch.Span);

    internal static BatchMessage ReadElements(ref MessagePackReader reader, ReadOnlyMemory<byte> bytes)
    {
        int start = reader.Position;
        int length = reader.ReadBinary().Length;
        if (length > WireLimits.Batch)
            throw reader.Error(start, $"a batch of {length} bytes", RefuseCode.BatchTooLarge);
        return new BatchMessage(bytes.Slice(reader.Position - length, length));
    }
}

/// <summary>All frames of an epoch up to and with a number are durable.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="Seq">The number.</param>
public sealed record Ack(Guid Epoch, ulong Seq) : Message
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.Ack;

    internal override int Elements => 2;

    internal override void WriteElements(ref MessagePackWriter writer)
    {
        writer.WriteUuid(Epoch);
        writer.WriteUInt64(Seq);
    }
}

/// <summary>Why the sender closes the connection.</summary>
/// <param name="Code">One of <see cref="RefuseCode"/>.</param>
/// <param name="Reason">For a human.</param>
public sealed record Refuse(string Code, string Reason) : Message
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.Refuse;

    internal override int Elements => 2;

    internal override void WriteElements(ref MessagePackWriter writer)
    {
        writer.WriteString(Code);
        writer.WriteString(Reason);
    }
}

/// <summary>Is the other side there?</summary>
/// <param name="Value">Any number; PONG returns it.</param>
public sealed record Ping(ulong Value) : Message
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.Ping;

    internal override int Elements => 1;

    internal override void WriteElements(ref MessagePackWriter writer) => writer.WriteUInt64(Value);
}

/// <summary>The answer to PING.</summary>
/// <param name="Value">The number of the PING.</param>
public sealed record Pong(ulong Value) : Message
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.Pong;

    internal override int Elements => 1;

    internal override void WriteElements(ref MessagePackWriter writer) => writer.WriteUInt64(Value);
}
