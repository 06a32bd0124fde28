using System.Text;
using System.Text.Json;
using Recorder.Testing;
using static Recorder.Cluster.Tests.ClusterFixture;

namespace Recorder.Cluster.Tests;

/// <summary>Every way into a pod: recorded, or reported.</summary>
public sealed class EntryPathTests(ClusterFixture fixture) : ClusterTests(fixture)
{
    [Fact]
    public async Task CtrExec_IsRecorded()
    {
        string mark = Mark();
        ShellResult client = await Shell.RunAsync(
            "ctr", ["-n", "k8s.io", "task", "exec", "--exec-id", mark, await ContainerIdAsync("web"), "sh", "-c", $"echo by-ctr; : {mark}"]);

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        session.Pod.ShouldBe("web");
        (await Recorder.StreamAsync(session, "out")).ShouldBe(client.Succeeded().Out);
    }

    [Fact]
    public async Task KubeletApi_Run_IsRecorded()
    {
        string mark = Mark();
        string path = $"/api/v1/nodes/node1/proxy/run/recorded/web/main?cmd={Uri.EscapeDataString($"echo by-kubelet-{mark}")}";
        ShellResult client = (await KubectlAsync([], "create", "--raw", path, "-f", "-")).Succeeded();

        RecordedSession session = await Recorder.EndedSessionAsync($"by-kubelet-{mark}");

        session.Kind.ShouldBe("exec");
        session.Pod.ShouldBe("web");
        client.Text.ShouldContain($"by-kubelet-{mark}");
        Encoding.UTF8.GetString(await Recorder.StreamAsync(session, "out")).ShouldBe($"by-kubelet-{mark}\n");
    }

    [Fact]
    public async Task Probe_OfThePodsOwnSpecification_IsCountedAndNotRecorded()
    {
        string mark = Mark();
        await ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: "probed-{{mark}}", namespace: recorded}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - name: main
                image: registry.local/busybox:1
                imagePullPolicy: Never
                command: [sleep, "1000000"]
                livenessProbe: {exec: {command: [sh, -c, ": probe-{{mark}}"]}, periodSeconds: 1, failureThreshold: 1000}
            """);
        await WaitForPodAsync("probed-" + mark);
        ShellResult nodes = await Wait.UntilAsync(
            async () => await Recorder.CliAsync("nodes", "--json") is { ExitCode: 0 } answer && answer.Text.Contains("probe-" + mark, StringComparison.Ordinal) ? answer : null,
            Wait.Limit,
            () => "the probe to be counted; agent:\n" + Recorder.Agent.Output);

        nodes.Text.ShouldContain("probed-" + mark);
        ShellResult list = (await KubectlAsync("exec", "probed-" + mark, "--", "sh", "-c", $": own-{mark}")).Succeeded();
        list.ExitCode.ShouldBe(0);
        (await Recorder.EndedSessionAsync("own-" + mark)).Kind.ShouldBe("exec");
    }

    [Fact]
    public async Task Nsenter_FromTheNode_IsRecordedAndNamesThePod()
    {
        string mark = Mark();
        string pid = await InitPidAsync("web");
        ShellResult client = await Shell.RunAsync("nsenter", ["-t", pid, "-m", "-p", "-u", "-i", "-n", "/bin/sh", "-c", $"echo by-nsenter; : {mark}"]);

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        session.Kind.ShouldBe("nsenter");
        session.Pod.ShouldBe("web");
        (await Recorder.StreamAsync(session, "out")).ShouldBe(client.Succeeded().Out);
    }

    [Fact]
    public async Task Attach_ToATerminal_IsRecorded()
    {
        string mark = Mark();
        using PseudoTerminal terminal = OnTerminal(
            "run", "attach-" + mark, "-it", "--restart=Never", "--image=registry.local/busybox:1", "--image-pull-policy=Never", "--command", "--",
            "sh", "-c", $"echo attached-{mark}; read -r line; echo got-$line; exit 0");
        await Wait.UntilAsync(
            () =>
            {
                terminal.Send("hello\r");
                Thread.Sleep(500);
                return Encoding.UTF8.GetString(terminal.Output).Contains("got-hello", StringComparison.Ordinal) || terminal.Child.HasExited;
            },
            Wait.Limit,
            () => "the pod's answer; the terminal showed " + Encoding.UTF8.GetString(terminal.Output));

        RecordedSession session = await Recorder.EndedSessionAsync($"attached-{mark}");

        session.Kind.ShouldBe("attach");
        session.Tty.ShouldBeTrue();
        session.Pod.ShouldBe("attach-" + mark);
        string output = Encoding.UTF8.GetString(await Recorder.StreamAsync(session, "out"));
        output.ShouldContain($"attached-{mark}");
        output.ShouldContain("got-hello");
    }

    [Fact]
    public async Task Debug_WithAnEphemeralContainer_IsRecorded()
    {
        string mark = Mark();
        using PseudoTerminal terminal = OnTerminal(
            "debug", "web", "-it", "--image=registry.local/busybox:1", "--image-pull-policy=Never", "--container=debug-" + mark, "--",
            "sh", "-c", $"echo debugging-{mark}; read -r line; echo got-$line");
        await Wait.UntilAsync(
            () =>
            {
                terminal.Send("hello\r");
                Thread.Sleep(500);
                return Encoding.UTF8.GetString(terminal.Output).Contains("got-hello", StringComparison.Ordinal) || terminal.Child.HasExited;
            },
            Wait.Limit,
            () => "the debug container's answer; the terminal showed " + Encoding.UTF8.GetString(terminal.Output));

        RecordedSession session = await Recorder.EndedSessionAsync($"debugging-{mark}");

        session.Container.ShouldBe("debug-" + mark);
        session.Tty.ShouldBeTrue();
        Encoding.UTF8.GetString(await Recorder.StreamAsync(session, "out")).ShouldContain("got-hello");
    }

    [Fact]
    public async Task Logs_AreNoSession()
    {
        string mark = Mark();
        await ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: "logs-{{mark}}", namespace: recorded}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - {name: main, image: "registry.local/busybox:1", imagePullPolicy: Never, command: [sh, -c, "echo log-{{mark}}; sleep 1000000"]}
            """);
        await WaitForPodAsync("logs-" + mark);
        (await KubectlAsync("logs", "logs-" + mark)).Text.ShouldContain($"log-{mark}");
        string later = Mark();
        await KubectlAsync("exec", "web", "--", "sh", "-c", $": {later}");
        await Recorder.EndedSessionAsync(later);

        (await Recorder.SessionsAsync()).ShouldNotContain(session => session.Pod == "logs-" + mark);
    }

    [Fact]
    public async Task Pod_DeletedInMidSession_EndsTheSession()
    {
        string mark = Mark();
        await ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: "gone-{{mark}}", namespace: recorded}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - {name: main, image: "registry.local/busybox:1", imagePullPolicy: Never, command: [sleep, "1000000"]}
            """);
        await WaitForPodAsync("gone-" + mark);
        Task<ShellResult> client = KubectlAsync("exec", "gone-" + mark, "--", "sh", "-c", $"echo before; sleep 100000; : {mark}");
        await Recorder.SessionAsync(mark, session => session.Bytes("out") > 0);
        (await KubectlAsync("delete", "pod", "gone-" + mark, "--grace-period=0", "--force")).Succeeded();
        await client;

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        session.Json.GetProperty("signal").GetInt32().ShouldBe(9);
        Encoding.UTF8.GetString(await Recorder.StreamAsync(session, "out")).ShouldBe("before\n");
    }

    private static async Task<string> ContainerIdAsync(string pod)
    {
        ShellResult status = (await KubectlAsync("get", "pod", pod, "-o", "jsonpath={.status.containerStatuses[0].containerID}")).Succeeded();
        return status.Text["containerd://".Length..];
    }

    private static async Task<string> InitPidAsync(string pod)
    {
        string id = await ContainerIdAsync(pod);
        string path = $"/run/containerd/io.containerd.runtime.v2.task/k8s.io/{id}/init.pid";
        return (await File.ReadAllTextAsync(path)).Trim();
    }
}
