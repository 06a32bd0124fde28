using Recorder.Wire;

namespace Recorder.Storage;

/// <summary>Rows of <c>process_events</c> and <c>connections</c>.</summary>
internal static class ProcessRows
{
    public const string Into = "process_events (session, origin, epoch, seq, type, boottime, ts, pid, start, ppid, parent_start, ns_pid, "
        + "exe, cwd, argv, argv_bytes, comm, uid, gid, euid, egid, login_uid, cap_effective, cap_permitted, cap_inheritable, cap_bounding, "
        + "cap_ambient, late, exit_code, signal, core_dumped)";

    public const string IntoConnections =
        "connections (session, origin, epoch, seq, boottime, ts, pid, start, socket, family, protocol, address, port, result)";

    public static void Append(RowWriter rows, BatchHeader batch, in FrameHeader frame, in ForkFrame fork)
    {
        Begin(rows, batch, frame, withType: true);
        rows.UInt32(fork.Pid);
        rows.UInt64(fork.Start);
        rows.NullableUInt32(fork.ParentPid);
        rows.NullableUInt64(fork.ParentStart);
        rows.NullableUInt32(fork.NamespacePid);
        AppendProgram(rows, null);
        AppendExit(rows, null, null, false);
    }

    public static void Append(RowWriter rows, BatchHeader batch, in FrameHeader frame, ExecFrame exec)
    {
        Begin(rows, batch, frame, withType: true);
        rows.UInt32(SessionRows.Narrow(exec.Pid)!.Value);
        rows.UInt64(exec.Start);
        rows.NullableUInt32(SessionRows.Narrow(exec.ParentPid));
        rows.NullableUInt64(exec.ParentStart);
        rows.NullableUInt32(SessionRows.Narrow(exec.NamespacePid));
        AppendProgram(rows, exec);
        AppendExit(rows, null, null, false);
    }

    public static void Append(RowWriter rows, BatchHeader batch, in FrameHeader frame, in ExitFrame exit)
    {
        Begin(rows, batch, frame, withType: true);
        rows.UInt32(exit.Pid);
        rows.UInt64(exit.Start);
        rows.NullableUInt32(null);
        rows.NullableUInt64(null);
        rows.NullableUInt32(null);
        AppendProgram(rows, null);
        AppendExit(rows, exit.ExitCode, exit.Signal, exit.CoreDumped);
    }

    public static void Append(RowWriter rows, BatchHeader batch, in FrameHeader frame, in ConnectFrame connect)
    {
        Begin(rows, batch, frame, withType: false);
        rows.UInt32(connect.Pid);
        rows.UInt64(connect.Start);
        rows.UInt64(connect.Socket);
        rows.UInt16(connect.Family);
        rows.UInt16(connect.Protocol);
        rows.Bytes(connect.Address);
        rows.UInt16(connect.Port);
        rows.Int32((int)Math.Min(connect.Result, int.MaxValue));
        rows.EndRow();
    }

    private static void Begin(RowWriter rows, BatchHeader batch, in FrameHeader frame, bool withType)
    {
        rows.Uuid(frame.Subject);
        rows.Uuid(batch.Origin);
        rows.Uuid(batch.Epoch);
        rows.UInt64(frame.Seq);
        if (withType) rows.UInt8((byte)frame.Type);
        rows.UInt64(frame.BootTime);
        rows.Int64(batch.WallTime(frame.BootTime));
    }

    private static void AppendProgram(RowWriter rows, ExecFrame? exec)
    {
        rows.Bytes((exec?.Exe).GetValueOrDefault().Bytes);
        rows.Bytes((exec?.Cwd).GetValueOrDefault().Bytes);
        SessionRows.AppendTexts(rows, exec?.Argv);
        rows.NullableUInt32(SessionRows.Narrow(exec?.ArgvBytes));
        rows.Bytes((exec?.Comm).GetValueOrDefault().Bytes);
        rows.NullableUInt32(SessionRows.Narrow(exec?.Uid));
        rows.NullableUInt32(SessionRows.Narrow(exec?.Gid));
        rows.NullableUInt32(SessionRows.Narrow(exec?.EffectiveUid));
        rows.NullableUInt32(SessionRows.Narrow(exec?.EffectiveGid));
        rows.NullableUInt32(SessionRows.Narrow(exec?.LoginUid));
        rows.NullableUInt64(exec?.CapEffective);
        rows.NullableUInt64(exec?.CapPermitted);
        rows.NullableUInt64(exec?.CapInheritable);
        rows.NullableUInt64(exec?.CapBounding);
        rows.NullableUInt64(exec?.CapAmbient);
        rows.Bool(exec?.Late ?? false);
    }

    private static void AppendExit(RowWriter rows, int? exitCode, int? signal, bool coreDumped)
    {
        rows.NullableInt32(exitCode);
        rows.NullableInt32(signal);
        rows.Bool(coreDumped);
        rows.EndRow();
    }
}
