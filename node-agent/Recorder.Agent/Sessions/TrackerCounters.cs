namespace Recorder.Agent.Sessions;

/// <summary>What the tracker counts since it was made, for the heartbeat. Written on the tracker's thread; may be read on any.</summary>
internal sealed class TrackerCounters
{
    /// <summary>Sessions that were begun.</summary>
    public long Begun { get; set; }

    /// <summary>Sessions whose end was written.</summary>
    public long Ended { get; set; }

    /// <summary>Sessions that were not recorded by policy.</summary>
    public long Ignored { get; set; }

    /// <summary>Pending entries that came to nothing.</summary>
    public long Dropped { get; set; }

    /// <summary>Sessions whose START was lost.</summary>
    public long WithoutStart { get; set; }

    /// <summary>Records of ended sessions that never came.</summary>
    public ulong LostRecords { get; set; }

    /// <summary>Process records that found no room before their session began.</summary>
    public long PendingOverflow { get; set; }

    /// <summary>Stream bytes for which there was no place: they had come before, or after the stream's end.</summary>
    public ulong DiscardedBytes { get; set; }

    /// <summary>Records that could not be read.</summary>
    public long Malformed { get; set; }
}
