using Recorder.Agent.Identity;

namespace Recorder.Agent.Tests.Identity;

public sealed class ContainerSourceTests : IDisposable
{
    private const string Bound = """{"kubernetes.io": {"namespace": "shop", "pod": {"name": "web", "uid": "UID"}, "serviceaccount": {"name": "clerk"}}}""";

    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Containerd_PodContainer_TellsPodImageAndAccount()
    {
        var volume = $"/var/lib/kubelet/pods/{HostTree.Uid}/volumes/kubernetes.io~projected/kube-api-access-x";
        _host.WithPodContainer().With($"{volume}/..2026/token", HostTree.Token(Bound.Replace("UID", HostTree.Uid, StringComparison.Ordinal))).WithLink($"{volume}/..data", "..2026").WithLink($"{volume}/token", "..data/token");

        Find().ShouldBe(new ContainerFacts
        {
            Id = HostTree.Id, Runtime = "containerd", PodName = "web", PodNamespace = "shop", PodUid = HostTree.Uid, Name = "main",
            Image = "busybox:1", InitPid = 4711, ServiceAccount = "clerk",
        });
    }

    [Fact]
    public void Containerd_TokenFromSecret_TellsAccount()
    {
        const string Claims = """{"kubernetes.io/serviceaccount/namespace": "shop", "kubernetes.io/serviceaccount/service-account.name": "worker"}""";
        _host.WithPodContainer(volume: "kubernetes.io~secret/worker-token-1")
            .With($"/var/lib/kubelet/pods/{HostTree.Uid}/volumes/kubernetes.io~secret/worker-token-1/token", HostTree.Token(Claims));

        Find()!.ServiceAccount.ShouldBe("worker");
    }

    [Theory]
    [InlineData("""{"kubernetes.io": {"namespace": "shop", "pod": {"uid": "another"}, "serviceaccount": {"name": "admin"}}}""")]
    [InlineData("""{"kubernetes.io": {"namespace": "kube-system", "serviceaccount": {"name": "admin"}}}""")]
    [InlineData("""{"kubernetes.io": 5}""")]
    [InlineData("[]")]
    [InlineData("no json")]
    public void Containerd_TokenOfAnotherPodOrNone_TellsNothing(string claims)
    {
        _host.WithPodContainer().With($"/var/lib/kubelet/pods/{HostTree.Uid}/volumes/kubernetes.io~projected/kube-api-access-x/token", HostTree.Token(claims));
        Find()!.ServiceAccount.ShouldBeNull();
    }

    [Fact]
    public void Containerd_TokenVolumeOutsideThePod_IsNotRead()
    {
        _host.WithPodContainer(volume: "kubernetes.io~host-path/x/../../../forged").With("/forged/token", HostTree.Token(Bound.Replace("UID", HostTree.Uid, StringComparison.Ordinal)));
        Find()!.ServiceAccount.ShouldBeNull();
    }

    [Theory]
    [InlineData("/opt/kata/bin/containerd-shim-kata-v2", "kata")]
    [InlineData("/usr/bin/containerd-shim-runsc-v1", "gvisor")]
    public void Containerd_GuestKernel_IsUnrecordable(string shim, string reason)
    {
        _host.WithPodContainer(shim: shim);
        Find()!.Unrecordable.ShouldNotBeNull().ShouldStartWith(reason);

        var directory = new ContainerDirectory(Sources, new Sessions.StoppedClock());
        var scanner = new UnrecordableScanner(directory);
        scanner.Scan().ShouldHaveSingleItem().Pod.ShouldBe("web");
        scanner.Scan().ShouldBeEmpty();
    }

    [Fact]
    public void Guest_OptionsOfContainerd2_AreDecoded()
    {
        var value = Convert.ToBase64String("\u0012\u000E/usr/bin/runsc"u8);
        GuestRuntime.Recognize(GuestRuntime.Decode("""{"type_url": "containerd.runc.v1.Options", "value": "?"}""".Replace("?", value, StringComparison.Ordinal))).ShouldNotBeNull();
        GuestRuntime.Recognize(GuestRuntime.Decode("""{"binary_name": "runc"}""")).ShouldBeNull();
    }

    [Fact]
    public void Containerd_OtherNamespace_IsFound()
    {
        _host.With("/run/containerd/io.containerd.runtime.v2.task/default/web/config.json", """{"ociVersion": "1.0"}""");
        Find("web").ShouldBe(new ContainerFacts { Id = "web", Runtime = "containerd", Name = "web" });
    }

    [Fact]
    public void Crio_PodContainer_TellsPod()
    {
        _host.With($"/run/containers/storage/overlay-containers/{HostTree.Id}/userdata/pidfile", "99")
            .With($"/run/containers/storage/overlay-containers/{HostTree.Id}/userdata/config.json", $$$"""
            {"annotations": {"io.kubernetes.container.name": "main", "io.kubernetes.pod.name": "web", "io.kubernetes.pod.namespace": "shop",
             "io.kubernetes.pod.uid": "{{{HostTree.Uid}}}", "io.kubernetes.cri-o.ContainerType": "container", "io.kubernetes.cri-o.ImageName": "img"}}
            """);
        Find().ShouldBe(new ContainerFacts
        {
            Id = HostTree.Id, Runtime = "cri-o", PodName = "web", PodNamespace = "shop", PodUid = HostTree.Uid, Name = "main", Image = "img", InitPid = 99,
        });
    }

    [Fact]
    public void Docker_Container_TellsNameAndImage()
    {
        _host.With($"/var/lib/docker/containers/{HostTree.Id}/config.v2.json", """{"Name": "/shop", "State": {"Pid": 7}, "Config": {"Image": "img", "Labels": {}}}""")
            .With($"/var/lib/docker/containers/{HostTree.Id}/hostconfig.json", """{"Runtime": "runsc"}""");
        var facts = Find()!;
        (facts.Name, facts.Image, facts.Runtime, facts.InitPid).ShouldBe(("shop", "img", "docker", 7));
        facts.Unrecordable.ShouldNotBeNull();
    }

    [Fact]
    public void Runc_Container_TellsItsInit()
    {
        _host.With("/run/runc/box/state.json", """{"id": "box", "init_process_pid": 55}""");
        Find("box").ShouldBe(new ContainerFacts { Id = "box", Name = "box", Runtime = "runc", InitPid = 55 });
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"annotations": [1, 2], "mounts": {"a": 1}}""")]
    [InlineData("""{"annotations": {"io.kubernetes.cri.sandbox-name": 7}, "mounts": [1, null, {"source": 3}]}""")]
    public void Sources_HostileJson_TellNothingAndDoNotFail(string json)
    {
        _host.With($"/run/containerd/io.containerd.runtime.v2.task/k8s.io/{HostTree.Id}/config.json", json)
            .With($"/var/lib/docker/containers/{HostTree.Id}/config.v2.json", json)
            .With($"/run/runc/{HostTree.Id}/state.json", json);
        (Find()?.PodName).ShouldBeNull();
    }

    [Fact]
    public void Sources_NestedTooDeep_IsRefused()
    {
        _host.With($"/run/runc/{HostTree.Id}/state.json", new string('[', 100_000));
        Find().ShouldBeNull();
    }

    [Fact]
    public void Directory_UnsafeName_IsNeverLookedUp()
    {
        _host.With("/run/state.json", """{"init_process_pid": 1}""");
        Find("..").ShouldBeNull();
    }

    private IReadOnlyList<IContainerSource> Sources => new ContainerSources().Open(_host.Files);

    private ContainerFacts? Find(string id = HostTree.Id) => new ContainerDirectory(Sources, new Sessions.StoppedClock()).Find(id);
}
