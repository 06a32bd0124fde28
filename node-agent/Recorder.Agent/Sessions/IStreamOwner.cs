namespace Recorder.Agent.Sessions;

/// <summary>The session of a stream, as the stream sees it.</summary>
internal interface IStreamOwner
{
    /// <summary>The session's id.</summary>
    Guid Id { get; }

    /// <summary>Whether the depth is such that bytes are recorded, and not only how many there were.</summary>
    bool KeepsBytes { get; }

    /// <summary>Stores what a restarted agent must know, before frames depend on it.</summary>
    void Persist();
}
