using Recorder.Wire;

namespace Recorder.Storage;

/// <summary>Rows of <c>sessions</c>.</summary>
internal static class SessionRows
{
    public const string Into = "sessions (id, revision, origin, epoch, seq, boot_id, kind, depth, ended, late, tty, started, ended_at, "
        + "started_boottime, exit_code, signal, parent, cluster, node, namespace, pod, pod_uid, service_account, container, container_id, "
        + "image, runtime, user, uid, gid, login_uid, command, exe, cwd, root_pid, root_start, terminal, terminal_columns, terminal_rows, "
        + "streams, sources, labels)";

    public static void Append(RowWriter rows, BatchHeader batch, in FrameHeader frame, SessionSnapshot session)
    {
        rows.Uuid(frame.Subject);
        rows.UInt64(session.Revision);
        rows.Uuid(batch.Origin);
        rows.Uuid(batch.Epoch);
        rows.UInt64(frame.Seq);
        rows.Uuid(batch.BootId);
        AppendState(rows, batch, session);
        AppendPlace(rows, session);
        AppendProgram(rows, session);
        rows.EndRow();
    }

    private static void AppendState(RowWriter rows, BatchHeader batch, SessionSnapshot session)
    {
        rows.Text(session.Kind);
        rows.Text(session.Depth);
        rows.Bool(session.State == SessionState.Ended);
        rows.Bool(session.Late);
        rows.Bool(session.Tty);
        rows.Int64(batch.WallTime(session.Started));
        rows.NullableInt64(session.Ended is { } ended ? batch.WallTime(ended) : null);
        rows.UInt64(session.Started);
        rows.NullableInt32(session.ExitCode);
        rows.NullableInt32(session.Signal);
        rows.NullableUuid(session.Parent);
    }

    private static void AppendPlace(RowWriter rows, SessionSnapshot session)
    {
        rows.Text(session.Cluster ?? "");
        rows.Text(session.Node ?? "");
        rows.Text(session.Pod?.Namespace ?? "");
        rows.Text(session.Pod?.Name ?? "");
        rows.Text(session.Pod?.Uid ?? "");
        rows.Text(session.Pod?.ServiceAccount ?? "");
        rows.Text(session.Container?.Name ?? "");
        rows.Text(session.Container?.Id ?? "");
        rows.Text(session.Container?.Image ?? "");
        rows.Text(session.Container?.Runtime ?? "");
        rows.Text(session.User?.Name ?? "");
        rows.NullableUInt32(Narrow(session.User?.Uid));
        rows.NullableUInt32(Narrow(session.User?.Gid));
        rows.NullableUInt32(Narrow(session.User?.LoginUid));
    }

    private static void AppendProgram(RowWriter rows, SessionSnapshot session)
    {
        AppendTexts(rows, session.Command);
        rows.Bytes(session.Exe.GetValueOrDefault().Bytes);
        rows.Bytes(session.Cwd.GetValueOrDefault().Bytes);
        rows.NullableUInt32(Narrow(session.Root?.Pid));
        rows.NullableUInt64(session.Root?.Start);
        rows.Text(session.Terminal?.Name ?? "");
        rows.NullableUInt32((uint?)session.Terminal?.Columns);
        rows.NullableUInt32((uint?)session.Terminal?.Rows);
        IReadOnlyList<SessionStreamInfo> streams = session.Streams ?? [];
        rows.Length32(streams.Count);
        foreach (SessionStreamInfo stream in streams) rows.UInt8((byte)stream.Stream);
        rows.Length32(streams.Count);
        foreach (SessionStreamInfo stream in streams) rows.Text(stream.Source);
        rows.Length32(session.Labels?.Count ?? 0);
        foreach (var (name, value) in session.Labels ?? new Dictionary<string, string>())
        {
            rows.Text(name);
            rows.Text(value);
        }
    }

    internal static void AppendTexts(RowWriter rows, IReadOnlyList<Text>? texts)
    {
        rows.Length32(texts?.Count ?? 0);
        for (int i = 0; i < (texts?.Count ?? 0); i++) rows.Bytes(texts![i].Bytes);
    }

    // Ids of the kernel have 32 bits; what claims more is kept at the end of the range, and whole in the frame.
    internal static uint? Narrow(ulong? value) => value is { } wide ? (uint)Math.Min(wide, uint.MaxValue) : null;
}
