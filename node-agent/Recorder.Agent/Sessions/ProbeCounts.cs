using Recorder.Wire;

namespace Recorder.Agent.Sessions;

/// <summary>Counts exec probes by container and command, and tells the counts now and then. Bounded.</summary>
internal sealed class ProbeCounts(IFrameSink sink)
{
    /// <summary>Most pairs of container and command; what comes beyond is added to one without a name.</summary>
    public const int Most = 4096;

    private const ulong Period = 60_000_000_000;

    private readonly Dictionary<(string Container, string Command), Entry> _entries = [];
    private ulong _told;

    /// <summary>All probes that were counted.</summary>
    public long Total { get; private set; }

    public void Count(SessionSnapshot probe)
    {
        Total++;
        var key = (probe.Container?.Id ?? "", string.Join('\0', probe.Command ?? []));
        if (!_entries.TryGetValue(key, out var entry))
        {
            if (_entries.Count >= Most)
                (key, probe) = (("", ""), probe with { Pod = null, Container = null, Command = null });
            if (!_entries.TryGetValue(key, out entry))
                _entries.Add(key, entry = new Entry(probe));
        }

        entry.Count++;
        entry.Last = probe.Started;
        entry.Changed = true;
    }

    /// <summary>Writes the counts that changed, once a minute of event time.</summary>
    public void AdvanceTo(ulong time)
    {
        if (time < _told + Period)
            return;
        _told = time;
        Write(time);
    }

    /// <summary>Writes the counts that changed.</summary>
    public void Write(ulong time)
    {
        foreach (var entry in _entries.Values)
        {
            if (!entry.Changed)
                continue;
            entry.Changed = false;
            sink.Probes(time, entry.ToFrame());
        }
    }

    private sealed class Entry(SessionSnapshot first)
    {
        public ulong Count { get; set; }

        public ulong Last { get; set; }

        public bool Changed { get; set; }

        public ProbesFrame ToFrame() => new()
        {
            Namespace = first.Pod?.Namespace,
            Pod = first.Pod?.Name,
            Container = first.Container?.Name,
            ContainerId = first.Container?.Id,
            Command = first.Command,
            Count = Count,
            First = first.Started,
            Last = Last,
        };
    }
}
