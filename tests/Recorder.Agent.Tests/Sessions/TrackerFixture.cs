using Recorder.Agent.Identity;
using Recorder.Agent.Sessions;
using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Agent.Tests.Sessions;

/// <summary>The kernel's table as a test sets it.</summary>
internal sealed class KernelTable : IKernelSessions
{
    public Dictionary<ulong, KernelSession> Sessions { get; } = [];

    public List<ulong> Closed { get; } = [];

    public List<ulong> Forgotten { get; } = [];

    public bool CanClose { get; set; } = true;

    /// <summary>From when on the streams are watched.</summary>
    public ulong WatchingSince { get; set; }

    public bool WasWatching(ulong time) => time >= WatchingSince;

    public bool TryRead(ulong session, out KernelSession state) => Sessions.TryGetValue(session, out state);

    public bool Close(ulong session)
    {
        Closed.Add(session);
        return CanClose;
    }

    public void Forget(ulong session) => Forgotten.Add(session);
}

/// <summary>Answers as a test says, at once or when asked to.</summary>
internal sealed class FixedIdentity : IIdentityResolver
{
    private readonly Queue<(ulong, SessionIdentity)> _answers = [];

    public bool KnowsProbes { get; set; }

    public SessionIdentity? AtOnce { get; set; } = new();

    public List<IdentityQuery> Requests { get; } = [];

    public List<string> Preloaded { get; } = [];

    public void Answer(ulong session, SessionIdentity identity) => _answers.Enqueue((session, identity));

    public SessionIdentity? Find(IdentityQuery query) => AtOnce;

    public void Request(IdentityQuery query) => Requests.Add(query);

    public bool TryTake(out ulong session, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out SessionIdentity identity)
    {
        var taken = _answers.TryDequeue(out var answer);
        (session, identity) = answer;
        return taken;
    }

    public bool TryTakeUnrecordable([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out UnrecordableFrame container)
    {
        container = null;
        return false;
    }

    public void Preload(string container, string cgroup, int initPid) => Preloaded.Add(container);
}

/// <summary>A clock that stands still.</summary>
internal sealed class StoppedClock : TimeProvider
{
    public long Now { get; set; } = 1;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now;

    public override DateTimeOffset GetUtcNow() => new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
}

/// <summary>A tracker on a real store in a directory of its own, with everything else under the test's hand.</summary>
internal sealed class TrackerFixture : IDisposable
{
    public static readonly Guid BootId = new("6f0f7ee4-8f0b-4c0e-8e80-4f1a1a4f2f11");

    private readonly string _directory;

    public TrackerFixture(TrackerOptions? options = null, TrackerFixture? before = null)
    {
        _directory = before?._directory ?? Directory.CreateTempSubdirectory("recorder-sessions-").FullName;
        Options = options ?? DefaultOptions;
        Store = new SessionStore(_directory, Options.BootId, Options.LoadTime);
        Kernel = before?.Kernel ?? new KernelTable();
        Tracker = new SessionTracker(Options, Frames, Kernel, Store, Identity, new StoppedClock());
    }

    public static TrackerOptions DefaultOptions => new() { BootId = BootId, LoadTime = 5, Cluster = "c", Node = "n" };

    public TrackerOptions Options { get; }

    public RecordedFrames Frames { get; } = new();

    public KernelTable Kernel { get; }

    public FixedIdentity Identity { get; } = new();

    public SessionStore Store { get; }

    public SessionTracker Tracker { get; }

    public void Feed(params ReadOnlySpan<(KernelEvent Event, byte[] Payload)> records)
    {
        foreach (var (e, payload) in records)
            Tracker.Handle(e, payload);
    }

    /// <summary>The store's files.</summary>
    public string[] Files() => Directory.GetFiles(_directory);

    public void Dispose()
    {
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }
}
