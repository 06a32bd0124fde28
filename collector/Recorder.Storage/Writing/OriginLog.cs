namespace Recorder.Storage;

/// <summary>Names a batch.</summary>
public readonly record struct BatchName(Guid Origin, Guid Epoch, ulong Number, ulong FirstSeq, ulong LastSeq, ReadOnlyMemory<byte> Hash);

/// <summary>How far a stream of a stored session reaches: the highest offset + length of its DATA and GAP frames, in bytes.</summary>
public readonly record struct StreamHead(byte Stream, ulong End);

/// <summary>What is stored of a session: its newest SESSION revision (0: none) and how far its streams reach.</summary>
public sealed record SubjectHead(Guid Subject, ulong Revision, IReadOnlyList<StreamHead> Streams);

/// <summary>Whether a batch that arrived is new.</summary>
public enum BatchStanding
{
    /// <summary>Not stored.</summary>
    New,

    /// <summary>Stored with the same hash: acknowledge it again.</summary>
    Stored,

    /// <summary>The same number or sequence is stored with another hash: refuse, and raise the alarm.</summary>
    Conflict,
}

/// <summary>A batch that contradicts what is stored.</summary>
/// <param name="Arrived">The batch that arrived.</param>
/// <param name="Stored">The batch that is stored.</param>
public sealed record BatchConflict(BatchName Arrived, BatchName Stored);

/// <summary>Where an epoch stands: what a collector tells the agent in WELCOME.</summary>
/// <param name="Seq">Highest contiguous durable seq, 0 if none.</param>
/// <param name="NextNumber">Number of the batch that has to follow.</param>
/// <param name="Hash">Hash of the last batch up to Seq; 32 zero bytes if none.</param>
public sealed record EpochHead(ulong Seq, ulong NextNumber, ReadOnlyMemory<byte> Hash);

/// <summary>What is durable of each origin's numbered sequence, read back from the store.</summary>
public sealed class OriginLog
{
    internal OriginLog(ClickHouseClient client) => _client = client;

    private readonly ClickHouseClient _client;

    /// <summary>Highest contiguous durable seq of the epoch.</summary>
    public Task<EpochHead> ResumeAsync(Guid origin, Guid epoch, CancellationToken cancellation) =>
        throw new NotSupportedException(_client.ToString());

    /// <summary>What is stored of the subjects (at most 4,096); those that aren't stored are left out.</summary>
    public Task<IReadOnlyList<SubjectHead>> HeadsAsync(IReadOnlyList<Guid> subjects, CancellationToken cancellation) =>
        throw new NotSupportedException(_client.ToString());

    /// <summary>Compares an arrived batch with what is stored under its number or sequence.</summary>
    public Task<(BatchStanding Standing, BatchConflict? Conflict)> ClassifyAsync(BatchName batch, CancellationToken cancellation) =>
        throw new NotSupportedException(_client.ToString());
}
