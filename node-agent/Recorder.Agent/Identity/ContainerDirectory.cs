using System.Collections.Concurrent;

namespace Recorder.Agent.Identity;

/// <summary>The containers of this node by id: remembers what the runtimes' files said, for a while. Any thread.</summary>
internal sealed class ContainerDirectory(IReadOnlyList<IContainerSource> sources, TimeProvider clock)
{
    /// <summary>How long facts are remembered.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>How long it is remembered that nobody knows a container: its runtime may be about to write its files.</summary>
    public static readonly TimeSpan AbsentLifetime = TimeSpan.FromSeconds(2);

    /// <summary>Most containers that are remembered.</summary>
    public const int Most = 8192;

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>What is remembered of a container; touches no disk. False when it isn't, or for too long.</summary>
    public bool TryGet(string id, out ContainerFacts? facts)
    {
        facts = null;
        if (!_entries.TryGetValue(id, out var entry) || clock.GetElapsedTime(entry.ReadAt) > (entry.Facts is null ? AbsentLifetime : Lifetime))
            return false;
        facts = entry.Facts;
        return true;
    }

    /// <summary>What is known of a container, read from the disk where it isn't remembered; null when no runtime knows it.</summary>
    public ContainerFacts? Find(string id)
    {
        if (!ContainerId.IsSafe(id))
            return null;
        if (TryGet(id, out var known))
            return known;
        ContainerFacts? facts = null;
        foreach (var source in sources)
        {
            facts = source.Find(id);
            if (facts is not null)
                break;
        }

        Remember(id, facts);
        return facts;
    }

    /// <summary>Ids of all containers that the runtimes have records of.</summary>
    public IEnumerable<string> List() => sources.SelectMany(source => source.List()).Where(id => ContainerId.IsSafe(id));

    private void Remember(string id, ContainerFacts? facts)
    {
        if (_entries.Count >= Most)
        {
            foreach (var (key, entry) in _entries)
            {
                if (clock.GetElapsedTime(entry.ReadAt) > AbsentLifetime)
                    _entries.TryRemove(key, out _);
            }
        }

        _entries[id] = new Entry(facts, clock.GetTimestamp());
    }

    private sealed record Entry(ContainerFacts? Facts, long ReadAt);
}
