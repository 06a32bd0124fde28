using System.Collections.Concurrent;
using System.Text;
using Recorder.Kernel;

namespace Recorder.Agent.Identity;

/// <summary>Answers one question about a session from the runtimes' files, /proc, passwd files and the pods' specs.</summary>
internal sealed class IdentityLookup(HostFiles files, ContainerDirectory containers, PodSpecs pods)
{
    private const int MostNames = 16 * 1024;

    private readonly UserNames _users = new(files);
    private readonly ConcurrentDictionary<(string Container, uint Uid), string?> _names = new();

    /// <summary>The answer if all of it is in memory, else null. Touches neither disk nor network.</summary>
    public SessionIdentity? Remembered(IdentityQuery query)
    {
        if (query.NeedsProcess)
            return null;
        ContainerFacts? facts = null;
        var id = NameOf(query);
        if (id is null && query.Kind != KernelKind.Terminal)
            return null;
        if (id is not null && (!containers.TryGet(id, out facts) || facts is null))
            return null;
        if (!_names.TryGetValue((id ?? "", query.Uid), out var name))
            return null;
        var pod = pods.Find(facts?.PodUid);
        return pods.IsConfigured && facts?.PodUid is not null && pod is null ? null : Combine(query, facts, pod, name, null);
    }

    /// <summary>The whole answer. Reads what it must.</summary>
    public async Task<SessionIdentity> FindAsync(IdentityQuery query, CancellationToken cancellation)
    {
        var id = NameOf(query) ?? FromProc(query);
        var facts = id is null ? null : containers.Find(id);
        var pod = await pods.FindAsync(facts?.PodUid, cancellation);
        var process = query.NeedsProcess
            ? new ProcessFacts(files.ReadProc(query.Pid, "cmdline"), files.ReadProcLink(query.Pid, "exe"), files.ReadProcLink(query.Pid, "cwd"))
            : null;
        return Combine(query, facts, pod, FindName(query, id, facts), process);
    }

    /// <summary>A container began: reads what its first session will ask for.</summary>
    public void Preload(string container, string cgroup) =>
        containers.Find(container.Length > 0 ? container : CgroupPath.Parse(cgroup).ContainerId ?? "");

    private static string? NameOf(IdentityQuery query) => query.Container.Length > 0 ? query.Container : CgroupPath.Parse(query.Cgroup).ContainerId;

    /// <summary>By /proc/PID/cgroup: the first hierarchy whose path names a container.</summary>
    private string? FromProc(IdentityQuery query)
    {
        if (query.Kind == KernelKind.Terminal || files.ReadProc(query.Pid, "cgroup") is not { } cgroups)
            return null;
        foreach (var line in Encoding.UTF8.GetString(cgroups).Split('\n'))
        {
            var path = line.Split(':', 3);
            if (path.Length == 3 && CgroupPath.Parse(path[2]).ContainerId is { } id)
                return id;
        }

        return null;
    }

    private string? FindName(IdentityQuery query, string? id, ContainerFacts? facts)
    {
        var key = (id ?? "", query.Uid);
        if (_names.TryGetValue(key, out var known))
            return known;
        // The container's first process keeps its root; the session's own may be gone already.
        var name = id is null
            ? _users.OnHost(query.Uid)
            : (facts?.InitPid is { } init ? _users.InContainer(init, query.Uid) : null) ?? _users.InContainer(query.Pid, query.Uid);
        if (_names.Count >= MostNames)
            _names.Clear();
        _names[key] = name;
        return name;
    }

    private static SessionIdentity Combine(IdentityQuery query, ContainerFacts? facts, PodSpec? pod, string? name, ProcessFacts? process) => new()
    {
        Container = facts is null || pod is null ? facts : facts with
        {
            PodName = facts.PodName ?? pod.Name,
            PodNamespace = facts.PodNamespace ?? pod.Namespace,
            // The spec is the API's word; the token in the pod's directory is second.
            ServiceAccount = pod.ServiceAccount ?? facts.ServiceAccount,
            Labels = pod.Labels,
        },
        UserName = name,
        IsProbe = pod is not null && query.ProbeCommand is { } command && pod.IsProbe(facts?.Name, command),
        Process = process,
    };
}
