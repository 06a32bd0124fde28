using System.Text;
using System.Text.Json;

namespace Recorder.Agent.Identity;

/// <summary>
/// containerd's task bundles: <c>STATE/io.containerd.runtime.v2.task/NAMESPACE/ID</c> with the OCI <c>config.json</c>, <c>init.pid</c>,
/// <c>shim-binary-path</c> and the runtime's options. In the namespace k8s.io the CRI plugin's annotations name the pod.
/// </summary>
/// <param name="files">The host's files.</param>
/// <param name="state">containerd's state directory, usually <c>/run/containerd</c>.</param>
internal sealed class ContainerdBundles(HostFiles files, string state) : IContainerSource
{
    private const string Kubernetes = "k8s.io";
    private const int SmallFile = 64 * 1024;

    private readonly string tasks = $"{state}/io.containerd.runtime.v2.task";

    public ContainerFacts? Find(string id)
    {
        if (Read(Kubernetes, id) is { } pod)
            return pod;
        foreach (var name in files.Directories(tasks))
        {
            if (name != Kubernetes && Read(name, id) is { } facts)
                return facts;
        }

        return null;
    }

    public IEnumerable<string> List() => files.Directories(tasks).SelectMany(name => files.Directories($"{tasks}/{name}"));

    private ContainerFacts? Read(string space, string id)
    {
        var bundle = $"{tasks}/{space}/{id}";
        using var document = files.ReadJson($"{bundle}/config.json");
        if (document is null)
            return null;
        JsonElement? config = document.RootElement;
        var notes = config.Member("annotations");
        var facts = new ContainerFacts
        {
            Id = id,
            // Docker's containers are containerd's tasks too; their names stand in Docker's own files.
            Runtime = space == "moby" ? "docker" : "containerd",
            IsSandbox = notes.Text("io.kubernetes.cri.container-type") == "sandbox",
            PodName = notes.Text("io.kubernetes.cri.sandbox-name"),
            PodNamespace = notes.Text("io.kubernetes.cri.sandbox-namespace"),
            PodUid = notes.Text("io.kubernetes.cri.sandbox-uid"),
            Name = notes.Text("io.kubernetes.cri.container-name") ?? (space is Kubernetes or "moby" ? null : id),
            Image = notes.Text("io.kubernetes.cri.image-name") ?? notes.Text("io.containerd.image.name"),
            InitPid = ReadPid($"{bundle}/init.pid"),
            Unrecordable = GuestRuntime.Recognize(
                ReadText($"{bundle}/shim-binary-path"), ReadText($"{bundle}/runtime"), GuestRuntime.Decode(ReadText($"{bundle}/options.json"))),
        };
        return facts with { ServiceAccount = ServiceAccountMount.Read(files, config, facts.PodUid, facts.PodNamespace) };
    }

    private int? ReadPid(string path) =>
        int.TryParse(ReadText(path).AsSpan().Trim(), out var pid) && pid > 0 ? pid : null;

    private string ReadText(string path) => files.Read(path, SmallFile) is { } bytes ? Encoding.UTF8.GetString(bytes) : "";
}
