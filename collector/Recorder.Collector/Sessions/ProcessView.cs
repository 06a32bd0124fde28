using System.Globalization;
using Recorder.Collector.Web;
using Recorder.Storage;

namespace Recorder.Collector.Sessions;

internal sealed record ProcessView(
    uint Pid,
    ulong Start,
    uint? Ppid,
    ulong? ParentStart,
    uint? NsPid,
    string? Forked,
    string? Exited,
    int? ExitCode,
    int? Signal,
    bool CoreDumped,
    IReadOnlyList<ExecView> Execs)
{
    public static ProcessView Of(SessionProcess process) => new(
        process.Pid,
        process.Start,
        process.Ppid,
        process.ParentStart,
        process.NsPid,
        ApiNames.Time(process.Forked),
        ApiNames.Time(process.Exited),
        process.ExitCode,
        process.Signal,
        process.CoreDumped,
        process.Execs.Select(ExecView.Of).ToArray());
}

internal sealed record ExecView
{
    public required string Time { get; init; }
    public required string Exe { get; init; }
    public required string Cwd { get; init; }
    public required IReadOnlyList<string> Argv { get; init; }
    public uint? ArgvBytes { get; init; }
    public required string Comm { get; init; }
    public uint? Uid { get; init; }
    public uint? Gid { get; init; }
    public uint? Euid { get; init; }
    public uint? Egid { get; init; }
    public uint? LoginUid { get; init; }
    public string? CapEffective { get; init; }
    public string? CapPermitted { get; init; }
    public string? CapInheritable { get; init; }
    public string? CapBounding { get; init; }
    public string? CapAmbient { get; init; }
    public required bool Late { get; init; }

    public static ExecView Of(ProcessExec exec) => new()
    {
        Time = ApiNames.Time(exec.Time),
        Exe = exec.Exe,
        Cwd = exec.Cwd,
        Argv = exec.Argv,
        ArgvBytes = exec.ArgvBytes,
        Comm = exec.Comm,
        Uid = exec.Uid,
        Gid = exec.Gid,
        Euid = exec.Euid,
        Egid = exec.Egid,
        LoginUid = exec.LoginUid,
        CapEffective = Mask(exec.CapEffective),
        CapPermitted = Mask(exec.CapPermitted),
        CapInheritable = Mask(exec.CapInheritable),
        CapBounding = Mask(exec.CapBounding),
        CapAmbient = Mask(exec.CapAmbient),
        Late = exec.Late,
    };

    /// <summary>16 hex digits, as /proc/PID/status writes a capability set.</summary>
    public static string? Mask(ulong? set) => set?.ToString("x16", CultureInfo.InvariantCulture);
}

internal sealed record ProcessList(IReadOnlyList<ProcessView> Items);
