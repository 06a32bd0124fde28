namespace Recorder.Storage;

/// <summary>What the stored frames of a session prove about loss.</summary>
public sealed record SessionVerdict(Guid Session, Verdict Verdict, IReadOnlyList<string> Reasons, IReadOnlyList<StreamSummary> Streams);

/// <summary>Computes verdicts from the stored frames. <see cref="BatchWriter"/> calls it for sessions that ended.</summary>
public sealed class VerdictCalculator
{
    internal VerdictCalculator(ClickHouseClient client) => _client = client;

    private readonly ClickHouseClient _client;

    /// <summary>Computes one session's verdict from its frames without storing it; null if nothing is stored of it.</summary>
    public Task<SessionVerdict?> ComputeAsync(Guid session, CancellationToken cancellation) =>
        throw new NotSupportedException(_client.ToString());

    /// <summary>Computes and stores the verdicts of the sessions that have ended.</summary>
    public Task<IReadOnlyList<SessionVerdict>> RecomputeAsync(IReadOnlyList<Guid> subjects, CancellationToken cancellation) =>
        throw new NotSupportedException(_client.ToString());
}
