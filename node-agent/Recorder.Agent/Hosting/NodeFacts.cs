using System.Runtime.InteropServices;
using Recorder.Agent.Configuration;
using Recorder.Agent.Instance;
using Recorder.Wire;

namespace Recorder.Agent.Hosting;

/// <summary>What the node is, for the origin's description.</summary>
internal static class NodeFacts
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";
    private const string ReleaseFile = "/proc/sys/kernel/osrelease";

    /// <summary>The running kernel's id.</summary>
    /// <exception cref="IOException">There is no /proc.</exception>
    public static Guid ReadBootId() => Guid.Parse(File.ReadAllText(BootIdFile));

    public static Hello Greeting(AgentOptions options, AgentInstance instance, Guid bootId) => new(
        WireLimits.OldestVersion,
        WireLimits.Version,
        new Origin
        {
            Id = instance.Origin,
            Cluster = options.Cluster,
            Node = options.NodeName,
            BootId = bootId,
            Agent = Program.Version,
            Kernel = File.ReadAllText(ReleaseFile).TrimEnd(),
            Architecture = RuntimeInformation.OSArchitecture switch
            {
                Architecture.X64 => "x86_64",
                Architecture.Arm64 => "aarch64",
                Architecture other => other.ToString().ToLowerInvariant(),
            },
        },
        instance.Epoch,
        instance.PreviousEpoch);
}
