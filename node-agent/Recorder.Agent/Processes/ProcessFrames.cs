using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Agent.Processes;

/// <summary>Makes the frames of processes from the kernel's records.</summary>
internal static class ProcessFrames
{
    private const uint NotSet = uint.MaxValue;
    private const int SignalMask = 0x7f;
    private const int CoreFlag = 0x80;

    /// <summary>What a wait status says: an exit code or a signal, as wait(2) has it.</summary>
    public static (int? ExitCode, int? Signal, bool CoreDumped) ReadStatus(uint status) =>
        (status & SignalMask) == 0
            ? ((int)((status >> 8) & 0xff), null, false)
            : (null, (int)(status & SignalMask), (status & CoreFlag) != 0);

    /// <summary>Arguments as they stand in memory, within the wire's limits.</summary>
    public static IReadOnlyList<Text>? ReadArgv(ReadOnlySpan<byte> argv)
    {
        if (argv.IsEmpty)
            return null;
        argv = argv[..Math.Min(argv.Length, WireLimits.Argv)];
        if (argv[^1] == 0)
            argv = argv[..^1];
        var texts = new List<Text>();
        foreach (var range in argv.Split((byte)0))
        {
            if (texts.Count == WireLimits.Elements)
                break;
            texts.Add(Text.FromBytes(argv[range]));
        }

        return texts;
    }

    /// <summary>A path, or null where it could not be read.</summary>
    public static Text? ReadPath(ReadOnlySpan<byte> path) =>
        path.IsEmpty ? default(Text?) : Text.FromBytes(path);

    /// <summary>The audit login user, or null where it isn't set.</summary>
    public static ulong? ReadLogin(uint user) => user == NotSet ? null : user;

    public static ExecFrame ToFrame(in ExecView exec, IArgvFilter filter)
    {
        ref readonly var process = ref exec.Process;
        return new ExecFrame
        {
            Pid = process.Pid,
            Start = process.StartTime,
            ParentPid = process.ParentPid,
            ParentStart = process.ParentStartTime,
            NamespacePid = process.NamespacePid,
            Exe = ReadPath(exec.Exe),
            Cwd = ReadPath(exec.Cwd),
            Argv = filter.Filter(ReadArgv(exec.Argv)),
            ArgvBytes = process.ArgvTotal == 0 ? null : process.ArgvTotal,
            Comm = ReadPath(process.Comm.Bytes),
            Uid = process.Uid,
            Gid = process.Gid,
            EffectiveUid = process.EffectiveUid,
            EffectiveGid = process.EffectiveGid,
            LoginUid = ReadLogin(process.LoginUid),
            CapEffective = process.CapEffective,
            CapPermitted = process.CapPermitted,
            CapInheritable = process.CapInheritable,
            CapBounding = process.CapBounding,
            CapAmbient = process.CapAmbient,
            Late = (process.Flags & KernelProcessFlags.Late) != 0,
        };
    }

    public static ForkFrame ToFrame(in KernelFork fork) =>
        new(fork.Pid, fork.StartTime, fork.ParentPid, fork.ParentStartTime, fork.NamespacePid);

    public static ExitFrame ToFrame(in KernelEvent e, in KernelExit exit)
    {
        var (code, signal, core) = ReadStatus(e.Value);
        return new ExitFrame(e.Pid, exit.StartTime, code, signal, core);
    }

    /// <summary>The bytes of an address that its family uses.</summary>
    public static int AddressLength(in KernelConnect connect) => connect.Family switch
    {
        ConnectFrame.FamilyInet => 4,
        ConnectFrame.FamilyInet6 => 16,
        _ => Math.Min(connect.PathSize, connect.Address.Bytes.Length),
    };
}
