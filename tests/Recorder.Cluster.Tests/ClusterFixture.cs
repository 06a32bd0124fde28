using Recorder.Testing;

namespace Recorder.Cluster.Tests;

/// <summary>One recorder on the cluster's node and one pod <c>web</c>, for all tests; they run one after another.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private const string Manifest = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: recorded}
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: web-runner, namespace: recorded}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: recorded, labels: {app: web}}
        spec:
          serviceAccountName: web-runner
          terminationGracePeriodSeconds: 0
          containers:
          - {name: main, image: "registry.local/busybox:1", imagePullPolicy: Never, command: [sleep, "1000000"]}
        """;

    /// <summary>Why there is no cluster; null when there is.</summary>
    public string? Missing { get; } = Requires.Recorder() ?? (Environment.GetEnvironmentVariable("KUBECTL") is null ? "needs tests/cluster/run, which starts a cluster" : null);

    /// <summary>The recorder.</summary>
    public RecorderInstance Recorder { get; private set; } = null!;

    /// <summary>kubectl.</summary>
    public static string Kubectl => Environment.GetEnvironmentVariable("KUBECTL") ?? "kubectl";

    /// <summary>Runs kubectl in the namespace <c>recorded</c>.</summary>
    public static Task<ShellResult> KubectlAsync(params string[] arguments) => KubectlAsync(null, arguments);

    /// <summary>Runs kubectl in the namespace <c>recorded</c> with input.</summary>
    public static Task<ShellResult> KubectlAsync(byte[]? input, params string[] arguments) =>
        Shell.RunAsync(Kubectl, ["--namespace", "recorded", .. arguments], input, limit: TimeSpan.FromMinutes(5));

    /// <summary>Applies a manifest.</summary>
    public static async Task ApplyAsync(string manifest) =>
        (await KubectlAsync(System.Text.Encoding.UTF8.GetBytes(manifest), "apply", "-f", "-")).Succeeded();

    /// <summary>Waits until a pod runs.</summary>
    public static async Task WaitForPodAsync(string pod) =>
        (await KubectlAsync("wait", "--for=condition=Ready", "pod/" + pod, "--timeout=90s")).Succeeded();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        await ApplyAsync(Manifest);
        await WaitForPodAsync("web");
        string pki = Path.Combine(Path.GetDirectoryName(Environment.GetEnvironmentVariable("KUBECONFIG"))!, "pki");
        Recorder = await RecorderInstance.StartAsync(
            "--cluster", "test",
            "--api-server-url", "https://127.0.0.1:6443", "--api-server-ca", pki + "/ca.crt",
            "--api-server-client-cert", pki + "/kubelet.crt", "--api-server-client-key", pki + "/kubelet.key", "--node-name", "node1");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Recorder is not null)
        {
            await Recorder.DisposeAsync();
            await KubectlAsync("delete", "pods", "--all", "--grace-period=0", "--force");
        }
    }
}

/// <summary>Tests that share <see cref="ClusterFixture"/>.</summary>
[CollectionDefinition(Name)]
public sealed class SharedCluster : ICollectionFixture<ClusterFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "cluster";
}

/// <summary>What the tests of the collection have in common.</summary>
[Collection(SharedCluster.Name)]
public abstract class ClusterTests
{
    private protected ClusterTests(ClusterFixture fixture)
    {
        Assert.SkipWhen(fixture.Missing is not null, fixture.Missing ?? string.Empty);
        Recorder = fixture.Recorder;
    }

    /// <summary>The recorder.</summary>
    protected RecorderInstance Recorder { get; }

    /// <summary>A word that occurs once, to find the session by.</summary>
    protected static string Mark() => "mark-" + Guid.NewGuid().ToString("N")[..12];

    /// <summary>Starts kubectl on a terminal.</summary>
    protected static PseudoTerminal OnTerminal(params string[] arguments)
    {
        var terminal = new PseudoTerminal(30, 100);
        terminal.Start(ClusterFixture.Kubectl, ["--namespace", "recorded", .. arguments]);
        return terminal;
    }
}
