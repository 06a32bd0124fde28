using Recorder.Collector.Web;
using Recorder.Storage;

namespace Recorder.Collector.Sessions;

internal sealed record OriginView
{
    public required Guid Id { get; init; }
    public required string Cluster { get; init; }
    public required string Node { get; init; }
    public required string NodeUid { get; init; }
    public required Guid BootId { get; init; }
    public required string Agent { get; init; }
    public required string Kernel { get; init; }
    public required string Architecture { get; init; }
    public string? Seen { get; init; }
    public string? Heartbeat { get; init; }
    public ulong? Sessions { get; init; }
    public string? Capture { get; init; }
    public required IReadOnlyDictionary<string, ulong> Counters { get; init; }
    public required IReadOnlyList<ProgramView> Programs { get; init; }
    public required IReadOnlyList<ProbeView> Probes { get; init; }
    public required IReadOnlyList<UnrecordableView> Unrecordable { get; init; }

    public static OriginView Of(OriginRecord origin) => new()
    {
        Id = origin.Id,
        Cluster = origin.Cluster,
        Node = origin.Node,
        NodeUid = origin.NodeUid,
        BootId = origin.BootId,
        Agent = origin.Agent,
        Kernel = origin.Kernel,
        Architecture = origin.Architecture,
        Seen = ApiNames.Time(Later(origin.ConnectedAt, origin.LastHeartbeat)),
        Heartbeat = ApiNames.Time(origin.LastHeartbeat),
        Sessions = origin.Sessions,
        Capture = origin.Capture.Length == 0 ? null : origin.Capture,
        Counters = origin.Counters,
        Programs = origin.Programs.Select(static p => new ProgramView(p.Name, p.State, p.Detail)).ToArray(),
        Probes = origin.Probes.Select(ProbeView.Of).ToArray(),
        Unrecordable = origin.Unrecordable.Select(UnrecordableView.Of).ToArray(),
    };

    private static long? Later(long? left, long? right) => left is null || right > left ? right ?? left : left;
}

internal sealed record ProgramView(string Name, string State, string Detail);

internal sealed record ProbeView(
    string Namespace, string Pod, string Container, string ContainerId, IReadOnlyList<string> Command, ulong Count, string? First, string? Last)
{
    public static ProbeView Of(OriginProbe probe) => new(
        probe.Namespace, probe.Pod, probe.Container, probe.ContainerId, probe.Command, probe.Count, ApiNames.Time(probe.First), ApiNames.Time(probe.Last));
}

internal sealed record UnrecordableView(string Namespace, string Pod, string Container, string ContainerId, string Runtime, string Reason)
{
    public static UnrecordableView Of(OriginUnrecordable pod) => new(pod.Namespace, pod.Pod, pod.Container, pod.ContainerId, pod.Runtime, pod.Reason);
}

internal sealed record OriginList(IReadOnlyList<OriginView> Items);
