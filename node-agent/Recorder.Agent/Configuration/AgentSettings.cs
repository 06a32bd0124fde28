using System.Net;
using Microsoft.Extensions.Logging;
using Recorder.Kernel;
using static Recorder.Agent.Configuration.SettingTypes;

namespace Recorder.Agent.Configuration;

/// <summary>The log levels that can be asked for.</summary>
internal enum LogThreshold
{
    Debug = LogLevel.Debug,
    Info = LogLevel.Information,
    Warning = LogLevel.Warning,
    Error = LogLevel.Error,
}

/// <summary>The table of every setting, in the order of the help.</summary>
internal static class AgentSettings
{
    public const string DefaultFile = "/etc/recorder/agent.yaml";

    public static readonly Setting<DnsEndPoint> Collector = HostAndPort("collector", "Where frames are sent.", new DnsEndPoint("127.0.0.1", 8471));

    public static readonly Setting<PlaintextScope> Plaintext = Choice("plaintext",
        "Where frames may travel unencrypted. 'any' sends what was recorded in the clear over the network; the collector refuses it unless told otherwise.",
        PlaintextScope.Loopback);

    public static readonly Setting<string?> State = FilePath("state", "Directory for identity, epoch and sessions; made when missing.", "/var/lib/recorder/agent");

    public static readonly Setting<string?> Cluster = Text("cluster", "NAME", "Name of the cluster that the node belongs to.", "default");

    public static readonly Setting<string?> NodeName = Text("node-name", "NAME", "Name of the node.", Environment.MachineName, "the host name");

    public static readonly Setting<CaptureMode> Capture = Choice("capture",
        "'lazy' attaches the stream programs while a session is pending or alive, 'strict' always.", CaptureMode.Lazy);

    public static readonly Setting<RecordingDepth> Depth = Choice("depth",
        "'full' keeps streams; 'metadata' only processes, connections and the streams' lengths.", RecordingDepth.Full);

    public static readonly Setting<bool> HostTerminals = Switch("host-terminals", "Record terminals outside containers: ssh, login, script, tmux.");

    public static readonly Setting<bool> RecordProbes = Switch("record-probes", "Record exec probes of the pods' own specs as sessions; otherwise they are counted.");

    public static readonly Setting<bool> MaskEchoOff = Switch("mask-echo-off", "Mask terminal input that is typed while echo is off.", defaultValue: true);

    public static readonly Setting<TimeSpan> Linger = Duration("linger",
        "How long the stream programs stay attached after the last stream closed.", TimeSpan.FromSeconds(2), TimeSpan.Zero, TimeSpan.FromHours(1));

    public static readonly Setting<long> RingBytes = Size("ring-bytes", "Size of the kernel's ring.", 32L << 20, 64L << 10, 1L << 30, powerOfTwo: true);

    public static readonly Setting<long> QueueBytes = Size("queue-bytes",
        "Frames kept in memory until the collector acknowledged them; what doesn't fit becomes a GAP.", 512L << 20, 8L << 20, 64L << 30);

    public static readonly Setting<long> BatchBytes = Size("batch-bytes", "Size at which a batch is cut.", 1L << 20, 64L << 10, 4L << 20);

    public static readonly Setting<TimeSpan> BatchInterval = Duration("batch-interval",
        "Time after which a batch is cut.", TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));

    public static readonly Setting<TimeSpan> DrainTimeout = Duration("drain-timeout",
        "How long a stopping agent waits for the collector's acknowledgements.", TimeSpan.FromSeconds(10), TimeSpan.Zero, TimeSpan.FromMinutes(10));

    public static readonly Setting<StopAction> OnStop = Choice("on-stop",
        "'keep' leaves the kernel programs pinned, so that the next agent can say exactly what it missed; 'detach' removes them.", StopAction.Keep);

    public static readonly Setting<bool> RealTime = Switch("real-time", "Run the ring's thread with SCHED_FIFO where that is permitted.", defaultValue: true);

    public static readonly Setting<string?> Bpffs = FilePath("bpffs", "Where the BPF file system is mounted.", "/sys/fs/bpf");

    public static readonly Setting<string?> PinDirectory = FilePath("pins", "Directory of the pinned programs.", null, "recorder/<instance> under bpffs");

    public static readonly Setting<string?> HostRoot = FilePath("host-root", "Where the node's root file system is mounted.", "/");

    public static readonly Setting<Uri?> KubeletUrl = HttpUrl("kubelet-url", "The kubelet's API, asked for pods.");

    public static readonly Setting<string?> KubeletTokenFile = FilePath("kubelet-token-file", "Bearer token for the kubelet.");

    public static readonly Setting<string?> KubeletClientCertificate = FilePath("kubelet-client-cert", "Client certificate for the kubelet, PEM.");

    public static readonly Setting<string?> KubeletClientKey = FilePath("kubelet-client-key", "Key of the client certificate, PEM.");

    public static readonly Setting<string?> KubeletCa = FilePath("kubelet-ca", "Certificate authority of the kubelet, PEM.");

    public static readonly Setting<bool> KubeletInsecure = Switch("kubelet-insecure-skip-verify", "Don't verify the kubelet's certificate.");

    public static readonly Setting<Uri?> ApiServerUrl = HttpUrl("api-server-url", "The Kubernetes API server, asked for pods where the kubelet can't be.");

    public static readonly Setting<string?> ApiServerTokenFile = FilePath("api-server-token-file", "Bearer token for the API server.");

    public static readonly Setting<string?> ApiServerClientCertificate = FilePath("api-server-client-cert", "Client certificate for the API server, PEM.");

    public static readonly Setting<string?> ApiServerClientKey = FilePath("api-server-client-key", "Key of the client certificate, PEM.");

    public static readonly Setting<string?> ApiServerCa = FilePath("api-server-ca", "Certificate authority of the API server, PEM.");

    public static readonly Setting<bool> ApiServerInsecure = Switch("api-server-insecure-skip-verify", "Don't verify the API server's certificate.");

    public static readonly Setting<LogThreshold> LogLevel = Choice("log-level", "What is logged.", LogThreshold.Info);

    public static readonly IReadOnlyList<(string Title, Setting[] Settings)> Groups =
    [
        ("Collector and identity", [Collector, Plaintext, State, Cluster, NodeName]),
        ("What is recorded", [Capture, Depth, HostTerminals, RecordProbes, MaskEchoOff]),
        ("Kernel", [RingBytes, Linger, OnStop, RealTime, Bpffs, PinDirectory]),
        ("Queue", [QueueBytes, BatchBytes, BatchInterval, DrainTimeout]),
        ("Kubernetes",
        [
            HostRoot, KubeletUrl, KubeletTokenFile, KubeletClientCertificate, KubeletClientKey, KubeletCa, KubeletInsecure,
            ApiServerUrl, ApiServerTokenFile, ApiServerClientCertificate, ApiServerClientKey, ApiServerCa, ApiServerInsecure,
        ]),
        ("Log", [LogLevel]),
    ];

    public static readonly IReadOnlyList<Setting> All = [.. Groups.SelectMany(group => group.Settings)];

    public static Setting? Find(string name) => All.FirstOrDefault(setting => setting.Name == name);
}
