using System.Net;
using Microsoft.Extensions.Logging;
using Recorder.Kernel;

namespace Recorder.Agent.Configuration;

/// <summary>How much of a session is kept.</summary>
internal enum RecordingDepth
{
    /// <summary>Streams, processes and connections.</summary>
    Full,

    /// <summary>Processes and connections; the streams' lengths as POLICY gaps.</summary>
    Metadata,
}

/// <summary>What becomes of the pinned kernel programs when the agent stops.</summary>
internal enum StopAction
{
    /// <summary>They stay: the next agent adopts them and states exactly what went by in between.</summary>
    Keep,

    /// <summary>They are unpinned and thereby detached.</summary>
    Detach,
}

/// <summary>Where frames may travel without encryption.</summary>
internal enum PlaintextScope
{
    Loopback,
    Any,
}

/// <summary>What the command line asks for.</summary>
internal enum AgentAction
{
    Run,
    Check,
    Uninstall,
    Help,
    Version,
}

/// <summary>An HTTP API of Kubernetes; <see cref="Url"/> null when it is not asked.</summary>
internal sealed record KubernetesApiOptions(
    Uri? Url,
    string? TokenFile,
    string? ClientCertificate,
    string? ClientKey,
    string? CertificateAuthority,
    bool InsecureSkipVerify);

/// <summary>The agent's settings after the file, the environment and the flags were read and validated.</summary>
internal sealed record AgentOptions
{
    public required DnsEndPoint Collector { get; init; }

    public required PlaintextScope Plaintext { get; init; }

    /// <summary>Directory of what must outlive the process: identity, epoch, sessions, lock.</summary>
    public required string State { get; init; }

    public required string Cluster { get; init; }

    public required string NodeName { get; init; }

    public required CaptureMode Capture { get; init; }

    public required RecordingDepth Depth { get; init; }

    public required bool HostTerminals { get; init; }

    public required bool RecordProbes { get; init; }

    public required bool MaskEchoOff { get; init; }

    /// <summary>How long the stream programs stay attached after the last stream closed.</summary>
    public required TimeSpan Linger { get; init; }

    /// <summary>Bytes of the kernel's ring: a power of two.</summary>
    public required long RingBytes { get; init; }

    /// <summary>Bytes of frames kept until the collector acknowledged them.</summary>
    public required long QueueBytes { get; init; }

    public required long BatchBytes { get; init; }

    public required TimeSpan BatchInterval { get; init; }

    public required TimeSpan DrainTimeout { get; init; }

    public required StopAction OnStop { get; init; }

    public required bool RealTime { get; init; }

    /// <summary>Where the BPF file system is mounted.</summary>
    public required string Bpffs { get; init; }

    /// <summary>Directory of the pinned programs; null: <c>recorder/&lt;instance&gt;</c> under <see cref="Bpffs"/>.</summary>
    public required string? PinDirectory { get; init; }

    /// <summary>Where the node's root file system is seen: <c>/</c>, or a mount in a container.</summary>
    public required string HostRoot { get; init; }

    public required KubernetesApiOptions Kubelet { get; init; }

    public required KubernetesApiOptions ApiServer { get; init; }

    public required LogLevel LogLevel { get; init; }

    /// <summary>True when the collector is on this machine's loopback: only then may frames travel without encryption.</summary>
    public bool CollectorIsLoopback => IsLoopback(Collector.Host);

    internal static bool IsLoopback(string host) =>
        IPAddress.TryParse(host, out IPAddress? address)
            ? IPAddress.IsLoopback(address)
            : string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase);
}
