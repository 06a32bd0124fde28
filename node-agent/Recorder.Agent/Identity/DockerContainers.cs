using System.Text.Json;

namespace Recorder.Agent.Identity;

/// <summary>Docker's records: <c>ROOT/containers/ID/config.v2.json</c> and, for the runtime, <c>hostconfig.json</c>.</summary>
/// <param name="files">The host's files.</param>
/// <param name="root">Docker's data directory, usually <c>/var/lib/docker</c>.</param>
internal sealed class DockerContainers(HostFiles files, string root) : IContainerSource
{
    public ContainerFacts? Find(string id)
    {
        using var document = files.ReadJson($"{root}/containers/{id}/config.v2.json");
        if (document is null)
            return null;
        JsonElement? container = document.RootElement;
        var labels = container.Member("Config").Member("Labels");
        using var host = files.ReadJson($"{root}/containers/{id}/hostconfig.json");
        return new ContainerFacts
        {
            Id = id,
            Runtime = "docker",
            IsSandbox = labels.Text("io.kubernetes.docker.type") == "podsandbox",
            PodName = labels.Text("io.kubernetes.pod.name"),
            PodNamespace = labels.Text("io.kubernetes.pod.namespace"),
            PodUid = labels.Text("io.kubernetes.pod.uid"),
            Name = labels.Text("io.kubernetes.container.name") ?? container.Text("Name")?.TrimStart('/'),
            Image = container.Member("Config").Text("Image"),
            InitPid = container.Member("State").Integer("Pid") is > 0 and var pid ? pid : null,
            Unrecordable = GuestRuntime.Recognize(((JsonElement?)host?.RootElement).Text("Runtime")),
        };
    }

    public IEnumerable<string> List() => files.Directories($"{root}/containers");
}
