namespace Recorder.Agent.Identity;

/// <summary>
/// What the node itself knows of a container, from its runtime's files and the kubelet's. Null means not known.
/// </summary>
internal sealed record ContainerFacts
{
    /// <summary>The runtime's id.</summary>
    public required string Id { get; init; }

    /// <summary><c>containerd</c>, <c>cri-o</c>, <c>docker</c>, <c>podman</c>, <c>runc</c> or <c>crun</c>.</summary>
    public required string Runtime { get; init; }

    /// <summary>A pod's infrastructure (pause) container.</summary>
    public bool IsSandbox { get; init; }

    public string? PodName { get; init; }

    public string? PodNamespace { get; init; }

    public string? PodUid { get; init; }

    /// <summary>The container's name in its pod, or the name that its engine gave it.</summary>
    public string? Name { get; init; }

    public string? Image { get; init; }

    /// <summary>The container's first process as the host sees it.</summary>
    public int? InitPid { get; init; }

    public string? ServiceAccount { get; init; }

    /// <summary>The pod's labels, where the kubelet or the API told them.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Why sessions in this container can't be seen from the node (a guest kernel), or null.</summary>
    public string? Unrecordable { get; init; }
}
