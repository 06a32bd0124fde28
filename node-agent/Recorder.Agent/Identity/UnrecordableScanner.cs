using Recorder.Wire;

namespace Recorder.Agent.Identity;

/// <summary>Finds containers that have a kernel of their own, each once as long as it is there.</summary>
internal sealed class UnrecordableScanner(ContainerDirectory directory)
{
    private HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Looks at the containers that have appeared since the last time. Reads from the disk.</summary>
    public IReadOnlyList<UnrecordableFrame> Scan()
    {
        var found = new List<UnrecordableFrame>();
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in directory.List())
        {
            if (!present.Add(id) || _seen.Contains(id))
                continue;
            if (directory.Find(id) is { Unrecordable: { } reason, IsSandbox: false } facts)
                found.Add(ToFrame(facts, reason));
        }

        _seen = present;
        return found;
    }

    private static UnrecordableFrame ToFrame(ContainerFacts facts, string reason) => new()
    {
        Namespace = facts.PodNamespace,
        Pod = facts.PodName,
        Container = facts.Name,
        ContainerId = facts.Id,
        Runtime = facts.Runtime,
        Reason = reason,
    };
}
