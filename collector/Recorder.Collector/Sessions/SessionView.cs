using Recorder.Collector.Web;
using Recorder.Storage;

namespace Recorder.Collector.Sessions;

/// <summary>A session as the API shows it; docs/api.md says what each field means.</summary>
internal sealed record SessionView
{
    public required Guid Id { get; init; }
    public required string Kind { get; init; }
    public required string Depth { get; init; }
    public required string State { get; init; }
    public required bool Tty { get; init; }
    public required bool Late { get; init; }
    public string? Cluster { get; init; }
    public string? Node { get; init; }
    public string? Namespace { get; init; }
    public string? Pod { get; init; }
    public string? PodUid { get; init; }
    public string? ServiceAccount { get; init; }
    public string? Container { get; init; }
    public string? ContainerId { get; init; }
    public string? Image { get; init; }
    public string? Runtime { get; init; }
    public string? User { get; init; }
    public uint? Uid { get; init; }
    public uint? Gid { get; init; }
    public uint? LoginUid { get; init; }
    public required IReadOnlyList<string> Command { get; init; }
    public string? Exe { get; init; }
    public string? Cwd { get; init; }
    public uint? RootPid { get; init; }
    public Guid? Parent { get; init; }
    public TerminalView? Terminal { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
    public required string Started { get; init; }
    public string? Ended { get; init; }
    public int? ExitCode { get; init; }
    public int? Signal { get; init; }
    public required string Verdict { get; init; }
    public required IReadOnlyList<string> Reasons { get; init; }
    public required string Proof { get; init; }
    public required IReadOnlyDictionary<string, StreamView> Streams { get; init; }

    public static SessionView Of(SessionRecord record) => new()
    {
        Id = record.Id,
        Kind = record.Kind,
        Depth = record.Depth,
        State = record.Ended ? "ended" : "open",
        Tty = record.Tty,
        Late = record.Late,
        Cluster = Known(record.Cluster),
        Node = Known(record.Node),
        Namespace = Known(record.Namespace),
        Pod = Known(record.Pod),
        PodUid = Known(record.PodUid),
        ServiceAccount = Known(record.ServiceAccount),
        Container = Known(record.Container),
        ContainerId = Known(record.ContainerId),
        Image = Known(record.Image),
        Runtime = Known(record.Runtime),
        User = Known(record.User),
        Uid = record.Uid,
        Gid = record.Gid,
        LoginUid = record.LoginUid,
        Command = record.Command,
        Exe = Known(record.Exe),
        Cwd = Known(record.Cwd),
        RootPid = record.RootPid,
        Parent = record.Parent,
        Terminal = TerminalView.Of(record),
        Labels = record.Labels,
        Started = ApiNames.Time(record.StartedAt),
        Ended = ApiNames.Time(record.EndedAt),
        ExitCode = record.ExitCode,
        Signal = record.Signal,
        Verdict = ApiNames.Of(record.Verdict),
        Reasons = record.Reasons,
        Proof = ApiNames.Of(record.Proof),
        Streams = record.Streams.ToDictionary(static stream => ApiNames.Stream(stream.Stream), StreamView.Of),
    };

    /// <summary>The store has no null text: empty stands for "not known".</summary>
    private static string? Known(string text) => text.Length == 0 ? null : text;
}

internal sealed record TerminalView(string Name, uint? Columns, uint? Rows)
{
    public static TerminalView? Of(SessionRecord record) =>
        record is { TerminalName: "", TerminalColumns: null, TerminalRows: null } ? null : new(record.TerminalName, record.TerminalColumns, record.TerminalRows);
}

internal sealed record StreamView(ulong Bytes, ulong Gaps, ulong GapBytes, ulong? Length, bool Ended, string? Source)
{
    public static StreamView Of(StreamSummary stream) => new(stream.Bytes, stream.Gaps, stream.GapBytes, stream.Length, stream.Ended, stream.Source);
}

internal sealed record SessionList(IReadOnlyList<SessionView> Items, string? Next);
