namespace Recorder.Agent.Sessions;

/// <summary>
/// A small file for each session that lives, in the agent's state directory. Files are replaced as a whole and not synced: they must outlive the
/// agent, not the machine, since a session never outlives that. A failure to write is remembered and counted; recording goes on.
/// </summary>
internal sealed class SessionStore : ISessionStore
{
    private const string Suffix = ".session";
    private const int LargestFile = 2 * 1024 * 1024;

    private readonly string _directory;
    private readonly Guid _bootId;
    private readonly ulong _loadTime;

    /// <param name="directory">Is made if it isn't there.</param>
    /// <param name="bootId">The running kernel's.</param>
    /// <param name="loadTime">Of the kernel programs that session numbers belong to.</param>
    public SessionStore(string directory, Guid bootId, ulong loadTime)
    {
        (_directory, _bootId, _loadTime) = (directory, bootId, loadTime);
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Writes that failed.</summary>
    public long Failures { get; private set; }

    /// <summary>Why the last one failed, for the log; null when none did.</summary>
    public string? LastFailure { get; private set; }

    public void Save(RecordedSession session, bool clean)
    {
        if (session.Id == Guid.Empty || session.Snapshot is null)
            return;
        var path = PathOf(session.Id);
        try
        {
            File.WriteAllBytes(path + ".new", StoredSessionCodec.Encode(Describe(session, clean)));
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Failures++;
            LastFailure = failure.Message;
        }
    }

    public void Remove(Guid id)
    {
        try
        {
            File.Delete(PathOf(id));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Failures++;
            LastFailure = failure.Message;
        }
    }

    /// <summary>The sessions that an earlier agent left, of this boot; files of other boots and what can't be read are removed.</summary>
    public IReadOnlyList<StoredSession> Load()
    {
        var sessions = new List<StoredSession>();
        foreach (var path in Directory.GetFiles(_directory))
        {
            if (path.EndsWith(Suffix, StringComparison.Ordinal) && Read(path) is { } session && session.BootId == _bootId)
                sessions.Add(session);
            else
                File.Delete(path);
        }

        return sessions;
    }

    private static StoredSession? Read(string path) =>
        new FileInfo(path).Length <= LargestFile ? StoredSessionCodec.Decode(File.ReadAllBytes(path)) : null;

    private StoredSession Describe(RecordedSession session, bool clean) => new()
    {
        Id = session.Id,
        BootId = _bootId,
        LoadTime = _loadTime,
        Number = session.Number,
        Clean = clean,
        Ended = session.Phase == SessionPhase.Ended,
        RootPid = session.RootPid,
        RootStart = session.RootStart,
        RootExited = session.RootExited,
        LastTime = session.LastTime,
        Snapshot = session.Snapshot!,
        Streams =
        [
            .. session.Streams.OfType<RecordedStream>().Select(stream => new StoredStream(
                stream.Stream, stream.IsTerminal, stream.IsObserved, stream.HasEnded, stream.Next, stream.Shift, stream.Total, stream.EndCause, stream.IsMasking)),
        ],
    };

    private string PathOf(Guid id) => Path.Join(_directory, id.ToString("N") + Suffix);
}
