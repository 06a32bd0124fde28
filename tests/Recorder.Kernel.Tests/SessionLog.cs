using System.Collections.Concurrent;
using System.Text;

namespace Recorder.Kernel.Tests;

/// <summary>What the real programs tell of the containers that a test asks for; other entries on the machine are let pass.</summary>
internal sealed class SessionLog : IKernelEventHandler
{
    private readonly ConcurrentDictionary<ulong, SessionRecord> _sessions = new();

    public IEnumerable<SessionRecord> Of(string container) => _sessions.Values.Where(s => s.Container == container).OrderBy(s => s.Number);

    public SessionRecord Await(string container, Func<SessionRecord, bool> holds)
    {
        KernelAccess.Eventually(() => Of(container).Any(holds), "the session: " + string.Join("; ", _sessions.Values));
        return Of(container).First(holds);
    }

    public SessionRecord Get(ulong session) => _sessions[session];

    /// <summary>Whether a session is of a container, or its START was lost.</summary>
    public bool IsOrMayBe(ulong session, string container) =>
        _sessions.TryGetValue(session, out SessionRecord? found) && (found.Container == container || found.Container.Length == 0);

    public void Handle(in KernelEvent e, ReadOnlySpan<byte> payload)
    {
        if (e.Session == 0)
            return;
        _sessions.GetOrAdd(e.Session, n => new SessionRecord(n)).Add(in e, payload);
    }

    public void Idle()
    {
    }
}

/// <summary>One session's records.</summary>
internal sealed class SessionRecord(ulong number)
{
    private readonly Lock _gate = new();
    private readonly List<KernelEvent> _events = [];
    private readonly MemoryStream[] _streams = [new(), new(), new()];

    public ulong Number { get; } = number;

    public string Container { get; private set; } = "";

    public string Argv { get; private set; } = "";

    public KernelKind Kind { get; private set; }

    public ulong StartTime => Events.FirstOrDefault(e => e.Type == KernelEventType.Start).Time;

    public uint QueuedInput { get; private set; }

    public int Status { get; private set; } = -1;

    public bool HasEnded(KernelStream stream)
    {
        lock (_gate)
            return _events.Any(e => e.Type == KernelEventType.StreamEnd && e.Stream == stream);
    }

    public byte[] Bytes(KernelStream stream)
    {
        lock (_gate)
            return _streams[(int)stream].ToArray();
    }

    public IReadOnlyList<KernelEvent> Events
    {
        get
        {
            lock (_gate)
                return [.. _events];
        }
    }

    /// <summary>Whether the records of a stream cover [0, its bytes) with no hole and no overlap.</summary>
    public bool Tiles(KernelStream stream)
    {
        ulong next = 0;
        foreach (KernelEvent e in Events.Where(e => e.Stream == stream && e.Type is KernelEventType.Data or KernelEventType.Gap))
        {
            if (e.Offset != next)
                return false;
            next += e.Length;
        }
        return next == (ulong)Bytes(stream).Length;
    }

    /// <summary>Whether each DATA record's bytes stand at its offset of the whole.</summary>
    public bool EveryByteIsAtItsOffset(KernelStream stream, ReadOnlySpan<byte> whole)
    {
        ReadOnlySpan<byte> bytes = Bytes(stream);
        foreach (KernelEvent e in Events.Where(e => e.Type == KernelEventType.Data && e.Stream == stream))
        {
            int length = (int)e.PayloadSize;
            if (!whole.Slice((int)e.Offset, length).SequenceEqual(bytes[..length]))
                return false;
            bytes = bytes[length..];
        }
        return bytes.IsEmpty;
    }

    public void Add(in KernelEvent e, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            _events.Add(e);
            if (e.Type == KernelEventType.Data)
                _streams[(int)e.Stream].Write(payload);
            else if (e.Type == KernelEventType.Start && StartView.TryParse(payload, out StartView start))
                Begin(start);
            else if (e.Type == KernelEventType.Exit)
                Status = (int)e.Value;
        }
    }

    public override string ToString() =>
        $"{Number} {Kind} {Argv.Replace('\0', ' ')} in {Container}: {string.Join(' ', Events.GroupBy(e => e.Type).Select(g => $"{g.Key}x{g.Count()}"))}";

    private void Begin(StartView start)
    {
        Argv = Encoding.UTF8.GetString(start.Process.Argv);
        Kind = start.Start.Kind;
        QueuedInput = start.Start.Input.Queued;
        Container = Encoding.UTF8.GetString(start.Container);
    }
}
