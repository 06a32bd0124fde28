namespace Recorder.Wire;

/// <summary>The first process of a session.</summary>
public sealed record SessionRoot
{
    /// <summary>Its pid as the host sees it.</summary>
    public ulong? Pid { get; init; }

    /// <summary>When it started, CLOCK_BOOTTIME nanoseconds.</summary>
    public ulong? Start { get; init; }

    /// <summary>Its pid in its own pid namespace.</summary>
    public ulong? NamespacePid { get; init; }

    /// <summary>Inode number of its pid namespace.</summary>
    public ulong? PidNamespace { get; init; }

    /// <summary>Inode number of its mount namespace.</summary>
    public ulong? MountNamespace { get; init; }

    internal void WriteFields(ref MessagePackWriter writer)
    {
        writer.Field("pid"u8, Pid);
        writer.Field("start"u8, Start);
        writer.Field("ns_pid"u8, NamespacePid);
        writer.Field("pid_ns"u8, PidNamespace);
        writer.Field("mnt_ns"u8, MountNamespace);
    }

    internal static SessionRoot Read(ref MessagePackReader reader)
    {
        var root = new SessionRoot();
        var map = new MapCursor(ref reader);
        while (map.Next(ref reader, out string key))
        {
            switch (key)
            {
                case "pid": root = root with { Pid = reader.ReadUInt64() }; break;
                case "start": root = root with { Start = reader.ReadUInt64() }; break;
                case "ns_pid": root = root with { NamespacePid = reader.ReadUInt64() }; break;
                case "pid_ns": root = root with { PidNamespace = reader.ReadUInt64() }; break;
                case "mnt_ns": root = root with { MountNamespace = reader.ReadUInt64() }; break;
                default: reader.Skip(); break;
            }
        }

        return root;
    }
}

/// <summary>The process that entered a container: the runtime's child's parent, nsenter, ….</summary>
public sealed record SessionEntry
{
    /// <summary>Its pid as the host sees it.</summary>
    public ulong? Pid { get; init; }

    /// <summary>When it started, CLOCK_BOOTTIME nanoseconds.</summary>
    public ulong? Start { get; init; }

    /// <summary>Its name, at most 15 bytes.</summary>
    public Text? Comm { get; init; }

    internal void WriteFields(ref MessagePackWriter writer)
    {
        writer.Field("pid"u8, Pid);
        writer.Field("start"u8, Start);
        writer.Field("comm"u8, Comm);
    }

    internal static SessionEntry Read(ref MessagePackReader reader)
    {
        var entry = new SessionEntry();
        var map = new MapCursor(ref reader);
        while (map.Next(ref reader, out string key))
        {
            switch (key)
            {
                case "pid": entry = entry with { Pid = reader.ReadUInt64() }; break;
                case "start": entry = entry with { Start = reader.ReadUInt64() }; break;
                case "comm": entry = entry with { Comm = reader.ReadText() }; break;
                default: reader.Skip(); break;
            }
        }

        return entry;
    }
}

/// <summary>The terminal of a session at its start.</summary>
public sealed record SessionTerminal
{
    /// <summary>Its name: pts/3, tty1.</summary>
    public string? Name { get; init; }

    /// <summary>Characters in a line.</summary>
    public int? Columns { get; init; }

    /// <summary>Lines.</summary>
    public int? Rows { get; init; }

    internal void WriteFields(ref MessagePackWriter writer)
    {
        writer.Field("name"u8, Name);
        writer.Field("columns"u8, Columns);
        writer.Field("rows"u8, Rows);
    }

    internal static SessionTerminal Read(ref MessagePackReader reader)
    {
        var terminal = new SessionTerminal();
        var map = new MapCursor(ref reader);
        while (map.Next(ref reader, out string key))
        {
            switch (key)
            {
                case "name": terminal = terminal with { Name = reader.ReadString() }; break;
                case "columns": terminal = terminal with { Columns = FrameValues.ReadUInt16(ref reader) }; break;
                case "rows": terminal = terminal with { Rows = FrameValues.ReadUInt16(ref reader) }; break;
                default: reader.Skip(); break;
            }
        }

        return terminal;
    }
}
