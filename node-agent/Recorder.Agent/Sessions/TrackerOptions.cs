namespace Recorder.Agent.Sessions;

/// <summary>What the tracker has to be told.</summary>
internal sealed record TrackerOptions
{
    /// <summary>The running kernel's boot id: sessions of another boot are over.</summary>
    public required Guid BootId { get; init; }

    /// <summary>Names the load of the kernel programs, which session numbers belong to.</summary>
    public required ulong LoadTime { get; init; }

    public required string Cluster { get; init; }

    public required string Node { get; init; }

    public RecordingPolicy Policy { get; init; } = new();

    /// <summary>Whether raw terminal input must have been echoed to be kept.</summary>
    public bool MaskEchoOff { get; init; } = true;

    /// <summary>How long streams may stay open after the last process: event time.</summary>
    public TimeSpan EndGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a session waits to be told whether it is a probe, or whose: event time. Then it is recorded.</summary>
    public TimeSpan DecisionLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After which time a session whose START was lost is recorded without it: event time.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of records that a session may have before it is known to be one.</summary>
    public int PendingBytes { get; init; } = 1024 * 1024;
}
