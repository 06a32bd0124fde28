using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Recorder.Agent.Identity;
using Recorder.Agent.Tests.Sessions;
using Recorder.Kernel;

namespace Recorder.Agent.Tests.Identity;

public sealed class PodSpecsTests : IDisposable
{
    private const string Pods = $$$$$"""
        {"kind": "PodList", "items": [{"metadata": {"uid": "{{{{{HostTree.Uid}}}}}", "name": "web", "namespace": "shop", "labels": {"app": "web", "bad": 5}},
          "spec": {"serviceAccountName": "clerk", "containers": [
            {"name": "main", "livenessProbe": {"exec": {"command": ["cat", "/alive"]}}, "readinessProbe": {"httpGet": {"port": 80}},
             "lifecycle": {"preStop": {"exec": {"command": ["sleep", "1"]}}}},
            {"name": "side", "startupProbe": {"exec": {"command": ["true"]}}}]}},
         {"metadata": {"uid": "mirror", "annotations": {"kubernetes.io/config.hash": "0123456789abcdef0123456789abcdef"}}}, 7, {"metadata": null}]}
        """;

    private readonly HostTree _host = new();
    private readonly StoppedClock _clock = new();
    private readonly FixedPods _source = new(Pods);

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("main", new[] { "cat", "/alive" }, true)]
    [InlineData("side", new[] { "true" }, true)]
    [InlineData("side", new[] { "cat", "/alive" }, false)]
    [InlineData("main", new[] { "cat", "/alive", "" }, false)]
    [InlineData("main", new[] { "sleep", "1" }, false)]
    [InlineData(null, new[] { "true" }, false)]
    public void Pod_Command_IsAProbeOnlyOfItsOwnContainer(string? container, string[] command, bool probe)
    {
        using var document = JsonDocument.Parse(Pods);
        PodSpec.ReadList(document.RootElement)[0].IsProbe(container, command).ShouldBe(probe);
    }

    [Fact]
    public async Task Specs_MissedPod_IsReadAgainButNotTooOften()
    {
        using var specs = new PodSpecs(_source, _clock, NullLogger.Instance);
        (await specs.FindAsync("absent", TestContext.Current.CancellationToken)).ShouldBeNull();
        (await specs.FindAsync("absent", TestContext.Current.CancellationToken)).ShouldBeNull();
        _source.Reads.ShouldBe(1);
        _clock.Now += PodSpecs.Pause.Ticks;
        (await specs.FindAsync("absent", TestContext.Current.CancellationToken)).ShouldBeNull();
        _source.Reads.ShouldBe(2);
        (await specs.FindAsync("0123456789abcdef0123456789abcdef", TestContext.Current.CancellationToken))!.Uid.ShouldBe("mirror");
        _source.Reads.ShouldBe(2);
    }

    [Fact]
    public async Task Specs_SourceFails_KeepsWhatItHad()
    {
        using var specs = new PodSpecs(_source, _clock, NullLogger.Instance);
        await specs.RefreshAsync(PodSpecs.Lifetime, TestContext.Current.CancellationToken);
        _source.Fails = true;
        _clock.Now += PodSpecs.Lifetime.Ticks;
        await specs.RefreshAsync(PodSpecs.Lifetime, TestContext.Current.CancellationToken);
        specs.Find(HostTree.Uid)!.Name.ShouldBe("web");
    }

    [Fact]
    public async Task Lookup_ProbeCommand_IsRecognisedThenRemembered()
    {
        _host.WithPodContainer().With("/proc/4711/root/etc/passwd", "nobody:x:65534:65534::/:\n");
        using var specs = new PodSpecs(_source, _clock, NullLogger.Instance);
        var lookup = new IdentityLookup(_host.Files, new ContainerDirectory(new ContainerSources().Open(_host.Files), _clock), specs);
        var query = new IdentityQuery { Session = 1, Kind = KernelKind.Exec, Container = HostTree.Id, Cgroup = "", Pid = 99, Uid = 65534, ProbeCommand = ["cat", "/alive"] };
        lookup.Remembered(query).ShouldBeNull();

        var found = await lookup.FindAsync(query, TestContext.Current.CancellationToken);
        found.IsProbe.ShouldBeTrue();
        (found.UserName, found.Container!.ServiceAccount, found.Container.Labels!["app"]).ShouldBe(("nobody", "clerk", "web"));
        lookup.Remembered(query)!.IsProbe.ShouldBeTrue();
        lookup.Remembered(query with { ProbeCommand = ["id"] })!.IsProbe.ShouldBeFalse();
    }

    [Fact]
    public async Task Lookup_NoNameFromTheKernel_ReadsProc()
    {
        _host.WithPodContainer().With("/proc/99/cgroup", $"2:cpu:/\n0::/kubepods/pod{HostTree.Uid}/{HostTree.Id}\n").With("/proc/99/cmdline", "sh\0");
        using var specs = new PodSpecs(null, _clock, NullLogger.Instance);
        var lookup = new IdentityLookup(_host.Files, new ContainerDirectory(new ContainerSources().Open(_host.Files), _clock), specs);
        var query = new IdentityQuery { Session = 1, Kind = KernelKind.Exec, Container = "", Cgroup = "", Pid = 99, Uid = 0, NeedsProcess = true };

        var found = await lookup.FindAsync(query, TestContext.Current.CancellationToken);
        found.Container!.PodName.ShouldBe("web");
        found.Process!.Command.ShouldBe("sh\0"u8.ToArray());
    }

    private sealed class FixedPods(string json) : IPodSource
    {
        public int Reads { get; private set; }

        public bool Fails { get; set; }

        public Task<IReadOnlyList<PodSpec>> ReadAsync(CancellationToken cancellation)
        {
            Reads++;
            if (Fails)
                throw new HttpRequestException("refused");
            using var document = JsonDocument.Parse(json);
            return Task.FromResult<IReadOnlyList<PodSpec>>(PodSpec.ReadList(document.RootElement));
        }
    }
}
