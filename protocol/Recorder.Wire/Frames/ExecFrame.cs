using System.Buffers;

namespace Recorder.Wire;

/// <summary>A process runs another program. Null means "not known".</summary>
public sealed record ExecFrame
{
    /// <summary>Pid as the host sees it; 0 where it could not be read.</summary>
    public required ulong Pid { get; init; }

    /// <summary>When the process started, CLOCK_BOOTTIME nanoseconds.</summary>
    public required ulong Start { get; init; }

    /// <summary>The parent's pid as the host sees it.</summary>
    public ulong? ParentPid { get; init; }

    /// <summary>When the parent started.</summary>
    public ulong? ParentStart { get; init; }

    /// <summary>Pid in the process's own pid namespace.</summary>
    public ulong? NamespacePid { get; init; }

    /// <summary>Path of the program.</summary>
    public Text? Exe { get; init; }

    /// <summary>Working directory.</summary>
    public Text? Cwd { get; init; }

    /// <summary>Arguments, perhaps cut: at most 4,096 and 32 KiB.</summary>
    public IReadOnlyList<Text>? Argv { get; init; }

    /// <summary>Bytes of all arguments, also where they were cut.</summary>
    public ulong? ArgvBytes { get; init; }

    /// <summary>Name of the process, at most 15 bytes.</summary>
    public Text? Comm { get; init; }

    /// <summary>Real user.</summary>
    public ulong? Uid { get; init; }

    /// <summary>Real group.</summary>
    public ulong? Gid { get; init; }

    /// <summary>Effective user.</summary>
    public ulong? EffectiveUid { get; init; }

    /// <summary>Effective group.</summary>
    public ulong? EffectiveGid { get; init; }

    /// <summary>The audit system's login user; null where not set.</summary>
    public ulong? LoginUid { get; init; }

    /// <summary>Effective capabilities, a bit mask as in capabilities(7).</summary>
    public ulong? CapEffective { get; init; }

    /// <summary>Permitted capabilities.</summary>
    public ulong? CapPermitted { get; init; }

    /// <summary>Inheritable capabilities.</summary>
    public ulong? CapInheritable { get; init; }

    /// <summary>The bounding set.</summary>
    public ulong? CapBounding { get; init; }

    /// <summary>Ambient capabilities.</summary>
    public ulong? CapAmbient { get; init; }

    /// <summary>Whether the process already ran when the kernel programs were attached.</summary>
    public bool Late { get; init; }

    /// <summary>Appends the frame to the output. Allocates nothing.</summary>
    public void Write(IBufferWriter<byte> output, ulong seq, ulong time, Guid subject)
    {
        MessagePackWriter writer = FrameHeader.Begin(output, FrameType.Exec, 1, seq, time, subject);
        MessagePackWriter counter = MessagePackWriter.Counting();
        WriteFields(ref counter);
        writer.WriteMapHeader(counter.Fields);
        WriteFields(ref writer);
        writer.Flush();
    }

    /// <summary>Reads the body of an EXEC frame.</summary>
    public static ExecFrame Read(ref MessagePackReader reader)
    {
        var exec = new ExecFrame { Pid = 0, Start = 0 };
        var map = new MapCursor(ref reader);
        while (map.Next(ref reader, out string key))
            exec = ReadProcess(ref reader, key, exec) ?? ReadCredentials(ref reader, key, exec) ?? SkipUnknown(ref reader, exec);
        return exec;
    }

    private static ExecFrame? ReadProcess(ref MessagePackReader reader, string key, ExecFrame exec) => key switch
    {
        "pid" => exec with { Pid = reader.ReadUInt64() },
        "start" => exec with { Start = reader.ReadUInt64() },
        "ppid" => exec with { ParentPid = reader.ReadUInt64() },
        "parent_start" => exec with { ParentStart = reader.ReadUInt64() },
        "ns_pid" => exec with { NamespacePid = reader.ReadUInt64() },
        "exe" => exec with { Exe = reader.ReadText() },
        "cwd" => exec with { Cwd = reader.ReadText() },
        "argv" => exec with { Argv = FrameCollections.ReadTexts(ref reader) },
        "argv_bytes" => exec with { ArgvBytes = reader.ReadUInt64() },
        "comm" => exec with { Comm = reader.ReadText() },
        "late" => exec with { Late = reader.ReadBoolean() },
        _ => null,
    };

    private static ExecFrame? ReadCredentials(ref MessagePackReader reader, string key, ExecFrame exec) => key switch
    {
        "uid" => exec with { Uid = reader.ReadUInt64() },
        "gid" => exec with { Gid = reader.ReadUInt64() },
        "euid" => exec with { EffectiveUid = reader.ReadUInt64() },
        "egid" => exec with { EffectiveGid = reader.ReadUInt64() },
        "login_uid" => exec with { LoginUid = reader.ReadUInt64() },
        "cap_effective" => exec with { CapEffective = reader.ReadUInt64() },
        "cap_permitted" => exec with { CapPermitted = reader.ReadUInt64() },
        "cap_inheritable" => exec with { CapInheritable = reader.ReadUInt64() },
        "cap_bounding" => exec with { CapBounding = reader.ReadUInt64() },
        "cap_ambient" => exec with { CapAmbient = reader.ReadUInt64() },
        _ => null,
    };

    private static ExecFrame SkipUnknown(ref MessagePackReader reader, ExecFrame exec)
    {
        reader.Skip();
        return exec;
    }

    private void WriteFields(ref MessagePackWriter writer)
    {
        writer.Field("pid"u8, Pid);
        writer.Field("start"u8, Start);
        writer.Field("ppid"u8, ParentPid);
        writer.Field("parent_start"u8, ParentStart);
        writer.Field("ns_pid"u8, NamespacePid);
        writer.Field("exe"u8, Exe);
        writer.Field("cwd"u8, Cwd);
        writer.Field("argv"u8, Argv);
        writer.Field("argv_bytes"u8, ArgvBytes);
        writer.Field("comm"u8, Comm);
        writer.Field("uid"u8, Uid);
        writer.Field("gid"u8, Gid);
        writer.Field("euid"u8, EffectiveUid);
        writer.Field("egid"u8, EffectiveGid);
        writer.Field("login_uid"u8, LoginUid);
        writer.Field("cap_effective"u8, CapEffective);
        writer.Field("cap_permitted"u8, CapPermitted);
        writer.Field("cap_inheritable"u8, CapInheritable);
        writer.Field("cap_bounding"u8, CapBounding);
        writer.Field("cap_ambient"u8, CapAmbient);
        writer.FlagField("late"u8, Late);
    }
}
