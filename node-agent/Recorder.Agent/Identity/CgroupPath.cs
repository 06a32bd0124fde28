namespace Recorder.Agent.Identity;

/// <summary>
/// What a cgroup's path tells about the container in it, in every form that kubelets and runtimes give it.
/// </summary>
/// <param name="ContainerId">64 hex digits, or null.</param>
/// <param name="PodUid">With dashes where Kubernetes has them; 32 hex digits for static pods; or null.</param>
/// <param name="Runtime"><c>containerd</c>, <c>cri-o</c>, <c>docker</c>, <c>podman</c>, or null when the name doesn't tell.</param>
internal readonly record struct CgroupPath(string? ContainerId, string? PodUid, string? Runtime)
{
    private const int StaticPodUidLength = 32;
    private const int PodUidLength = 36;

    private static readonly (string Prefix, string Runtime)[] Prefixes =
    [
        ("cri-containerd", "containerd"),
        ("crio", "cri-o"),
        ("docker", "docker"),
        ("libpod", "podman"),
    ];

    /// <summary>
    /// Reads the innermost container: below a container engine's cgroup another engine may run (a node that is a container). A conmon's
    /// own cgroup (<c>crio-conmon-ID.scope</c>) is no container.
    /// </summary>
    public static CgroupPath Parse(ReadOnlySpan<char> path)
    {
        string? id = null, uid = null, runtime = null;
        foreach (var range in path.SplitAny('/', ':'))
        {
            var component = path[range];
            if (TryReadPod(component, out var pod))
            {
                (uid, id, runtime) = (pod, null, null);
                continue;
            }

            // "…:cri-containerd:ID" and "/docker/ID" name the runtime in a component of its own.
            if (PrefixOf(component) is { } named && component.Length == named.Prefix.Length)
                runtime = named.Runtime;
            else if (TryReadContainer(component, out var found, out var by))
                (id, runtime) = (found, by ?? runtime);
        }

        return new CgroupPath(id, uid, id is null ? null : runtime);
    }

    private static (string Prefix, string Runtime)? PrefixOf(ReadOnlySpan<char> component)
    {
        foreach (var entry in Prefixes)
        {
            if (component.StartsWith(entry.Prefix))
                return entry;
        }

        return null;
    }

    private static bool TryReadContainer(ReadOnlySpan<char> component, out string? id, out string? runtime)
    {
        runtime = null;
        id = null;
        if (component.EndsWith(".scope"))
            component = component[..^".scope".Length];
        if (PrefixOf(component) is { } entry && component.Length > entry.Prefix.Length && component[entry.Prefix.Length] == '-')
        {
            component = component[(entry.Prefix.Length + 1)..];
            runtime = entry.Runtime;
        }

        if (!Identity.ContainerId.IsHex(component))
            return false;
        id = component.ToString();
        return true;
    }

    /// <summary><c>podUID</c>, <c>kubepods-burstable-podUID.slice</c> with underscores, or a static pod's 32 digits.</summary>
    private static bool TryReadPod(ReadOnlySpan<char> component, out string? uid)
    {
        uid = null;
        if (component.EndsWith(".slice"))
            component = component[..^".slice".Length];
        var at = component.LastIndexOf("pod");
        if (at < 0 || (at > 0 && component[at - 1] != '-'))
            return false;
        var text = component[(at + "pod".Length)..];
        if (text.Length == StaticPodUidLength && Guid.TryParseExact(text, "N", out _))
            uid = text.ToString();
        else if (text.Length == PodUidLength && text.ToString().Replace('_', '-') is var dashed && Guid.TryParseExact(dashed, "D", out _))
            uid = dashed;
        return uid is not null;
    }
}
