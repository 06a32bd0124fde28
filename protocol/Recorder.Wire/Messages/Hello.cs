namespace Recorder.Wire;

/// <summary>Who writes the frames: a node, a collector, or an import.</summary>
public sealed record Origin
{
    /// <summary>Its id, which never changes.</summary>
    public required Guid Id { get; init; }

    /// <summary>The cluster's name as configured.</summary>
    public string? Cluster { get; init; }

    /// <summary>The node's name.</summary>
    public string? Node { get; init; }

    /// <summary>The node's UID as Kubernetes gives it.</summary>
    public string? NodeUid { get; init; }

    /// <summary>The kernel's boot id.</summary>
    public required Guid BootId { get; init; }

    /// <summary>Version of the agent.</summary>
    public string? Agent { get; init; }

    /// <summary>Release of the kernel.</summary>
    public string? Kernel { get; init; }

    /// <summary>Machine: x86_64, aarch64.</summary>
    public string? Architecture { get; init; }

    internal void WriteFields(ref MessagePackWriter writer)
    {
        writer.Field("id"u8, Id);
        writer.Field("cluster"u8, Cluster);
        writer.Field("node"u8, Node);
        writer.Field("node_uid"u8, NodeUid);
        writer.Field("boot_id"u8, BootId);
        writer.Field("agent"u8, Agent);
        writer.Field("kernel"u8, Kernel);
        writer.Field("architecture"u8, Architecture);
    }

    internal static Origin Read(ref MessagePackReader reader)
    {
        int start = reader.Position;
        var origin = new Origin { Id = Guid.Empty, BootId = Guid.Empty };
        var map = new MapCursor(ref reader);
        while (map.Next(ref reader, out string key))
        {
            switch (key)
            {
                case "id": origin = origin with { Id = reader.ReadUuid() }; break;
                case "cluster": origin = origin with { Cluster = reader.ReadString() }; break;
                case "node": origin = origin with { Node = reader.ReadString() }; break;
                case "node_uid": origin = origin with { NodeUid = reader.ReadString() }; break;
                case "boot_id": origin = origin with { BootId = reader.ReadUuid() }; break;
                case "agent": origin = origin with { Agent = reader.ReadString() }; break;
                case "kernel": origin = origin with { Kernel = reader.ReadString() }; break;
                case "architecture": origin = origin with { Architecture = reader.ReadString() }; break;
                default: reader.Skip(); break;
            }
        }

        return origin.Id != Guid.Empty && origin.BootId != Guid.Empty
            ? origin
            : throw reader.Error(start, "an origin without id or boot_id", RefuseCode.Origin);
    }
}

/// <summary>The first message: who the agent is, what it speaks, which epoch it writes.</summary>
/// <param name="OldestVersion">The oldest version that it speaks.</param>
/// <param name="NewestVersion">The newest.</param>
/// <param name="Origin">Who it is.</param>
/// <param name="Epoch">The epoch of the batches that follow.</param>
/// <param name="PreviousEpoch">The epoch before, or null.</param>
public sealed record Hello(ulong OldestVersion, ulong NewestVersion, Origin Origin, Guid Epoch, Guid? PreviousEpoch) : Message
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.Hello;

    internal override int Elements => 5;

    internal override void WriteElements(ref MessagePackWriter writer)
    {
        writer.WriteUInt64(OldestVersion);
        writer.WriteUInt64(NewestVersion);
        MessagePackWriter counter = MessagePackWriter.Counting();
        Origin.WriteFields(ref counter);
        writer.WriteMapHeader(counter.Fields);
        Origin.WriteFields(ref writer);
        writer.WriteUuid(Epoch);
        if (PreviousEpoch is { } previous)
            writer.WriteUuid(previous);
        else
            writer.WriteNil();
    }

    internal static Hello ReadElements(ref MessagePackReader reader) => new(
        reader.ReadUInt64(),
        reader.ReadUInt64(),
        Origin.Read(ref reader),
        reader.ReadUuid(),
        reader.TryReadNil() ? null : reader.ReadUuid());
}

/// <summary>The collector's answer to HELLO.</summary>
/// <param name="Version">The version that both speak from now on.</param>
/// <param name="Resume">The highest number up to which all frames of the epoch are durable; 0: none.</param>
/// <param name="Window">Bytes that may be sent and not acknowledged.</param>
public sealed record Welcome(ulong Version, ulong Resume, ulong Window) : Message
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.Welcome;

    internal override int Elements => 3;

    internal override void WriteElements(ref MessagePackWriter writer)
    {
        writer.WriteUInt64(Version);
        writer.WriteUInt64(Resume);
        writer.WriteUInt64(Window);
    }

    internal static Welcome ReadElements(ref MessagePackReader reader) =>
        new(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64());
}
