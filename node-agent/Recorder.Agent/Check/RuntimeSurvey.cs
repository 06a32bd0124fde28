using Recorder.Agent.Configuration;

namespace Recorder.Agent.Check;

/// <summary>Which container runtimes left their directories on this node.</summary>
internal static class RuntimeSurvey
{
    private static readonly (string Name, string[] Places)[] Runtimes =
    [
        ("containerd", ["run/containerd/containerd.sock", "run/containerd/io.containerd.runtime.v2.task", "run/k3s/containerd/containerd.sock"]),
        ("cri-o", ["run/crio/crio.sock", "var/run/crio/crio.sock"]),
        ("docker", ["run/docker.sock", "var/run/docker.sock"]),
        ("podman", ["run/podman/podman.sock", "run/containers/storage"]),
        ("runc", ["run/runc"]),
        ("crun", ["run/crun"]),
    ];

    public static IEnumerable<string> Lines(AgentOptions options)
    {
        bool any = false;
        foreach ((string name, string[] places) in Runtimes)
        {
            string? found = places.Select(place => Path.Combine(options.HostRoot, place)).FirstOrDefault(Path.Exists);
            if (found is null)
                continue;
            any = true;
            yield return $"runtime     {name} ({found})";
        }

        if (!any)
            yield return $"runtime     none found below {options.HostRoot}: only host terminals can be recorded";
    }
}
