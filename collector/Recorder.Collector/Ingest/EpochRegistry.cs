namespace Recorder.Collector.Ingest;

/// <summary>Which connection holds which epoch. Of two connections of one epoch the newer wins: the older is half-open or forgotten.</summary>
internal sealed class EpochRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(Guid Origin, Guid Epoch), EpochClaim> _claims = [];

    /// <summary>
    /// Takes the epoch and waits until its former holder is over, so that what the store then says about the epoch stays true
    /// until this claim submits something.
    /// </summary>
    public async Task<EpochClaim> TakeAsync(Guid origin, Guid epoch, CancellationToken cancellation)
    {
        var claim = new EpochClaim(origin, epoch);
        EpochClaim? former;
        lock (_gate)
        {
            _claims.TryGetValue((origin, epoch), out former);
            _claims[(origin, epoch)] = claim;
        }

        if (former is null) return claim;
        try
        {
            await former.SupersedeAsync();
            await former.Over.WaitAsync(cancellation);
            return claim;
        }
        catch
        {
            await ReleaseAsync(claim);
            throw;
        }
    }

    /// <summary>Ends a claim. It leaves the table only when it is over, so that a reconnecting agent waits for what is in flight.</summary>
    public async Task ReleaseAsync(EpochClaim claim)
    {
        claim.Close();
        await claim.Over;
        lock (_gate)
        {
            if (_claims.TryGetValue((claim.Origin, claim.Epoch), out var current) && ReferenceEquals(current, claim)) _claims.Remove((claim.Origin, claim.Epoch));
        }
    }
}
