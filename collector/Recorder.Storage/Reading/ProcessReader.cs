using Recorder.Wire;

namespace Recorder.Storage;

/// <summary>Merges FORK, EXEC and EXIT rows into processes.</summary>
internal sealed class ProcessReader(ClickHouseClient client)
{
    private const string Columns = "type, ts, pid, start, ppid, parent_start, ns_pid, exe, cwd, argv, argv_bytes, comm, uid, gid, euid, egid, "
        + "login_uid, cap_effective, cap_permitted, cap_inheritable, cap_bounding, cap_ambient, late, exit_code, signal, core_dumped";

    public async Task<IReadOnlyList<SessionProcess>> ProcessesAsync(Guid session, CancellationToken cancellation)
    {
        var processes = new Dictionary<(uint, ulong), SessionProcess>();
        var execs = new Dictionary<(uint, ulong), List<ProcessExec>>();
        var rows = client.QueryAsync(
            $$"""
            SELECT {{Columns}} FROM process_events FINAL WHERE UUIDToNum(session) = UUIDToNum({id:UUID}) ORDER BY boottime, seq
            """, new QueryParameters().Add("id", session), Read, cancellation);
        await foreach (Event row in rows.ConfigureAwait(false))
        {
            var key = (row.Process.Pid, row.Process.Start);
            processes[key] = processes.TryGetValue(key, out SessionProcess? known) ? Merge(known, row.Process) : row.Process;
            if (!execs.TryGetValue(key, out List<ProcessExec>? programs)) execs.Add(key, programs = []);
            if (row.Exec is not null) programs.Add(row.Exec);
        }
        return [.. processes.Select(pair => pair.Value with { Execs = execs[pair.Key] }).OrderBy(process => process.Start).ThenBy(process => process.Pid)];
    }

    public async Task<IReadOnlyList<SessionConnection>> ConnectionsAsync(Guid session, CancellationToken cancellation) =>
        await client.ListAsync(
            """
            SELECT ts, pid, start, socket, family, protocol, address, port, result FROM connections FINAL
            WHERE UUIDToNum(session) = UUIDToNum({id:UUID}) ORDER BY boottime, seq
            """, new QueryParameters().Add("id", session),
            (ref RowReader row) => new SessionConnection(
                row.Int64(), row.UInt32(), row.UInt64(), row.UInt64(), row.UInt16(), row.UInt16(), row.Bytes().ToArray(), row.UInt16(), row.Int32()),
            cancellation).ConfigureAwait(false);

    private static SessionProcess Merge(SessionProcess known, SessionProcess news) => known with
    {
        Ppid = known.Ppid ?? news.Ppid,
        ParentStart = known.ParentStart ?? news.ParentStart,
        NsPid = known.NsPid ?? news.NsPid,
        Forked = known.Forked ?? news.Forked,
        Exited = news.Exited ?? known.Exited,
        ExitCode = news.ExitCode ?? known.ExitCode,
        Signal = news.Signal ?? known.Signal,
        CoreDumped = known.CoreDumped || news.CoreDumped,
    };

    private static Event Read(ref RowReader row)
    {
        var type = (FrameType)row.UInt8();
        long time = row.Int64();
        var process = new SessionProcess
        {
            Pid = row.UInt32(),
            Start = row.UInt64(),
            Ppid = row.NullableUInt32(),
            ParentStart = row.NullableUInt64(),
            NsPid = row.NullableUInt32(),
        };
        ProcessExec exec = ReadExec(ref row, time);
        process = process with { ExitCode = row.NullableInt32(), Signal = row.NullableInt32(), CoreDumped = row.Bool() };
        return type switch
        {
            FrameType.Fork => new Event(process with { Forked = time }, null),
            FrameType.Exit => new Event(process with { Exited = time }, null),
            _ => new Event(process, exec),
        };
    }

    private static ProcessExec ReadExec(ref RowReader row, long time) => new()
    {
        Time = time,
        Exe = row.Text(),
        Cwd = row.Text(),
        Argv = row.Texts(),
        ArgvBytes = row.NullableUInt32(),
        Comm = row.Text(),
        Uid = row.NullableUInt32(),
        Gid = row.NullableUInt32(),
        Euid = row.NullableUInt32(),
        Egid = row.NullableUInt32(),
        LoginUid = row.NullableUInt32(),
        CapEffective = row.NullableUInt64(),
        CapPermitted = row.NullableUInt64(),
        CapInheritable = row.NullableUInt64(),
        CapBounding = row.NullableUInt64(),
        CapAmbient = row.NullableUInt64(),
        Late = row.Bool(),
    };

    private sealed record Event(SessionProcess Process, ProcessExec? Exec);
}
