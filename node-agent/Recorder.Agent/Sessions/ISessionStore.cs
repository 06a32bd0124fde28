namespace Recorder.Agent.Sessions;

/// <summary>What outlives the agent of each session.</summary>
internal interface ISessionStore
{
    /// <summary>
    /// Replaces what is stored of a session. <paramref name="clean"/>: nothing was taken from the kernel that the frames don't have, so that the
    /// next agent can go on without asking.
    /// </summary>
    void Save(RecordedSession session, bool clean);

    /// <summary>The session is over and written.</summary>
    void Remove(Guid id);
}
