using System.Text;
using Recorder.Agent.Identity;

namespace Recorder.Agent.Tests.Identity;

/// <summary>A host's root directory that a test fills.</summary>
internal sealed class HostTree : IDisposable
{
    public const string Id = "72bd7a574350d33032a840ca7e9385a7573b87ee4c551bd69046e2e742d028fe";
    public const string Uid = "77d5e317-270a-4b07-8590-81be3fe54b1c";

    public HostTree() => Root = Directory.CreateTempSubdirectory("recorder-host-").FullName;

    public string Root { get; }

    public HostFiles Files => new(Root, Path.Join(Root, "proc"));

    public HostTree With(string path, string text)
    {
        var full = Path.Join(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return this;
    }

    public HostTree WithLink(string path, string target)
    {
        var full = Path.Join(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.CreateSymbolicLink(full, target);
        return this;
    }

    /// <summary>A pod's container as containerd and the kubelet leave it.</summary>
    public HostTree WithPodContainer(string id = Id, string shim = "/usr/bin/containerd-shim-runc-v2", string volume = "kubernetes.io~projected/kube-api-access-x")
    {
        var bundle = $"/run/containerd/io.containerd.runtime.v2.task/k8s.io/{id}";
        return With($"{bundle}/init.pid", "4711")
            .With($"{bundle}/shim-binary-path", shim)
            .With($"{bundle}/options.json", "{}")
            .With($"{bundle}/config.json", $$$"""
                {"annotations": {"io.kubernetes.cri.container-name": "main", "io.kubernetes.cri.container-type": "container",
                  "io.kubernetes.cri.image-name": "busybox:1", "io.kubernetes.cri.sandbox-id": "949a", "io.kubernetes.cri.sandbox-name": "web",
                  "io.kubernetes.cri.sandbox-namespace": "shop", "io.kubernetes.cri.sandbox-uid": "{{{Uid}}}"},
                 "mounts": [{"destination": "/proc", "source": "proc"},
                  {"destination": "/var/run/secrets/kubernetes.io/serviceaccount", "source": "/var/lib/kubelet/pods/{{{Uid}}}/volumes/{{{volume}}}"}]}
                """);
    }

    public static string Token(string claims) => $"eyJhbGciOiJSUzI1NiJ9.{Encode(claims)}.c2lnbmF0dXJl";

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
