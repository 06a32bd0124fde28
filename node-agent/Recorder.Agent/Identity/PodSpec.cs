using System.Text.Json;

namespace Recorder.Agent.Identity;

/// <summary>An exec probe of a container.</summary>
/// <param name="Container">The container's name in the pod.</param>
/// <param name="Command">The exact argv.</param>
internal sealed record ExecProbe(string Container, IReadOnlyList<string> Command);

/// <summary>What is used of a pod's object.</summary>
internal sealed record PodSpec
{
    private static readonly string[] Lists = ["containers", "initContainers", "ephemeralContainers"];
    private static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];

    public required string Uid { get; init; }

    /// <summary>What the runtime calls a static pod: the hash that the kubelet made, where the API has a mirror with a uid of its own.</summary>
    public string? StaticUid { get; init; }

    public string? Namespace { get; init; }

    public string? Name { get; init; }

    public string? ServiceAccount { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<ExecProbe> ExecProbes { get; init; } = [];

    /// <summary>Whether a command that ran in a container is one of its exec probes.</summary>
    public bool IsProbe(string? container, IReadOnlyList<string> command)
    {
        foreach (var probe in ExecProbes)
        {
            if (probe.Container == container && probe.Command.SequenceEqual(command))
                return true;
        }

        return false;
    }

    /// <summary>The pods of a PodList; what isn't a pod is passed over.</summary>
    public static List<PodSpec> ReadList(JsonElement? list)
    {
        var pods = new List<PodSpec>();
        foreach (var item in list.Items("items"))
        {
            if (Read(item) is { } pod)
                pods.Add(pod);
        }

        return pods;
    }

    private static PodSpec? Read(JsonElement? pod)
    {
        var meta = pod.Member("metadata");
        var spec = pod.Member("spec");
        return meta.Text("uid") is not { } uid ? null : new PodSpec
        {
            Uid = uid,
            StaticUid = meta.Member("annotations").Text("kubernetes.io/config.hash"),
            Namespace = meta.Text("namespace"),
            Name = meta.Text("name"),
            ServiceAccount = spec.Text("serviceAccountName") ?? spec.Text("serviceAccount"),
            Labels = ReadLabels(meta.Member("labels")),
            ExecProbes = [.. ReadProbes(spec)],
        };
    }

    private static IEnumerable<ExecProbe> ReadProbes(JsonElement? spec)
    {
        foreach (var list in Lists)
        {
            foreach (JsonElement? container in spec.Items(list))
            {
                foreach (var kind in Probes)
                {
                    if (container.Text("name") is { } name && container.Member(kind).Member("exec").Texts("command") is { Length: > 0 } command)
                        yield return new ExecProbe(name, command);
                }
            }
        }
    }

    private static SortedDictionary<string, string> ReadLabels(JsonElement? labels)
    {
        var read = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (labels is not { ValueKind: JsonValueKind.Object } map)
            return read;
        foreach (var label in map.EnumerateObject())
        {
            if (label.Value.ValueKind == JsonValueKind.String)
                read[label.Name] = label.Value.GetString()!;
        }

        return read;
    }
}
