using System.Globalization;

namespace Recorder.Agent.Instance;

/// <summary>
/// Who this agent is: the origin that was drawn once for its state directory, the epoch that begins now and the one before it.
/// While it lives no other agent can use the directory.
/// </summary>
internal sealed class AgentInstance : IDisposable
{
    private const string LockFile = "lock";
    private const string PidFile = "pid";
    private const string OriginFile = "instance";
    private const string EpochFile = "epoch";

    private readonly FileLock _lock;

    private AgentInstance(StateDirectory state, FileLock held, Guid origin) => (State, _lock, Origin) = (state, held, origin);

    public StateDirectory State { get; }

    public Guid Origin { get; }

    /// <summary>A UUIDv7; <see cref="Guid.Empty"/> until <see cref="BeginEpoch"/>.</summary>
    public Guid Epoch { get; private set; }

    /// <summary>The epoch before this one; null in a new directory.</summary>
    public Guid? PreviousEpoch { get; private set; }

    /// <summary>Takes the directory.</summary>
    /// <exception cref="InstanceException">Another agent holds it, or its identity can't be read.</exception>
    /// <exception cref="IOException">The directory can't be made or written.</exception>
    public static AgentInstance Open(string path)
    {
        StateDirectory state = StateDirectory.Open(path);
        FileLock held = FileLock.TryTake(state.File(LockFile))
            ?? throw new InstanceException($"state {path} is in use by the agent with pid {state.Read(PidFile) ?? "unknown"}; give each agent its own");
        try
        {
            state.Replace(PidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new AgentInstance(state, held, ReadOrigin(state));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The origin that a directory has, without taking it; null when it has none.</summary>
    public static Guid? FindOrigin(string path) =>
        Directory.Exists(path) && StateDirectory.Open(path).Read(OriginFile) is string text && Guid.TryParse(text, out Guid origin) ? origin : null;

    /// <summary>Begins a new epoch and remembers it, before the first frame is numbered in it.</summary>
    public void BeginEpoch(DateTimeOffset now)
    {
        string? last = State.Read(EpochFile);
        PreviousEpoch = last is null ? null : ParseId(last, EpochFile);
        Epoch = Guid.CreateVersion7(now);
        State.Replace(EpochFile, Epoch.ToString());
    }

    public void Dispose() => _lock.Dispose();

    private static Guid ReadOrigin(StateDirectory state)
    {
        if (state.Read(OriginFile) is string text)
            return ParseId(text, state.File(OriginFile));
        Guid origin = Guid.CreateVersion7();
        state.Replace(OriginFile, origin.ToString());
        return origin;
    }

    private static Guid ParseId(string text, string file) =>
        Guid.TryParse(text, out Guid id) ? id : throw new InstanceException($"{file} holds \"{text}\", which is no uuid; restore it or remove the directory");
}
