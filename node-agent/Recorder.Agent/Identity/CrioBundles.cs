using System.Text;
using System.Text.Json;

namespace Recorder.Agent.Identity;

/// <summary>CRI-O's (and Podman's) containers: <c>STORAGE/overlay-containers/ID/userdata/config.json</c> and <c>pidfile</c>.</summary>
/// <param name="files">The host's files.</param>
/// <param name="storage">A containers/storage directory: <c>/run/containers/storage</c>, <c>/var/lib/containers/storage</c>.</param>
internal sealed class CrioBundles(HostFiles files, string storage) : IContainerSource
{
    private const int SmallFile = 4096;

    private readonly string containers = $"{storage}/overlay-containers";

    public ContainerFacts? Find(string id)
    {
        using var document = files.ReadJson($"{containers}/{id}/userdata/config.json");
        if (document is null)
            return null;
        JsonElement? config = document.RootElement;
        var notes = config.Member("annotations");
        var facts = new ContainerFacts
        {
            Id = id,
            Runtime = notes.Text("io.container.manager") == "libpod" ? "podman" : "cri-o",
            IsSandbox = notes.Text("io.kubernetes.cri-o.ContainerType") == "sandbox",
            PodName = notes.Text("io.kubernetes.pod.name"),
            PodNamespace = notes.Text("io.kubernetes.pod.namespace"),
            PodUid = notes.Text("io.kubernetes.pod.uid"),
            Name = notes.Text("io.kubernetes.container.name") ?? notes.Text("io.kubernetes.cri-o.Name"),
            Image = notes.Text("io.kubernetes.cri-o.ImageName") ?? notes.Text("io.kubernetes.cri-o.Image"),
            InitPid = ReadPid($"{containers}/{id}/userdata/pidfile"),
            Unrecordable = GuestRuntime.Recognize(notes.Text("io.kubernetes.cri-o.RuntimeHandler")),
        };
        return facts with { ServiceAccount = ServiceAccountMount.Read(files, config, facts.PodUid, facts.PodNamespace) };
    }

    public IEnumerable<string> List() => files.Directories(containers);

    private int? ReadPid(string path) =>
        files.Read(path, SmallFile) is { } bytes && int.TryParse(Encoding.ASCII.GetString(bytes).AsSpan().Trim(), out var pid) && pid > 0 ? pid : null;
}
