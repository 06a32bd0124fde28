using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Recorder.Kernel;

/// <summary>An EXEC record's payload, in place: valid only while the handler runs.</summary>
public readonly ref struct ExecView
{
    private readonly ref readonly KernelProcess _process;

    private ExecView(ref readonly KernelProcess process, ReadOnlySpan<byte> strings)
    {
        _process = ref process;
        Argv = strings[..process.ArgvSize];
        Exe = strings.Slice(process.ArgvSize, process.ExeSize);
        Cwd = strings.Slice(process.ArgvSize + process.ExeSize, process.CwdSize);
    }

    /// <summary>The process's facts.</summary>
    public ref readonly KernelProcess Process => ref _process;

    /// <summary>The arguments as they stand in memory, separated by NUL.</summary>
    public ReadOnlySpan<byte> Argv { get; }

    /// <summary>The executable's path.</summary>
    public ReadOnlySpan<byte> Exe { get; }

    /// <summary>The working directory.</summary>
    public ReadOnlySpan<byte> Cwd { get; }

    /// <summary>Reads the payload; false where a size in it exceeds what is there.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out ExecView view)
    {
        view = default;
        if (payload.Length < Unsafe.SizeOf<KernelProcess>())
            return false;
        return TryCreate(
            in MemoryMarshal.AsRef<KernelProcess>(payload), payload[Unsafe.SizeOf<KernelProcess>()..], out view);
    }

    internal static bool TryCreate(ref readonly KernelProcess process, ReadOnlySpan<byte> strings, out ExecView view)
    {
        view = default;
        if (process.ArgvSize + process.ExeSize + process.CwdSize > strings.Length)
            return false;
        view = new ExecView(in process, strings);
        return true;
    }
}

/// <summary>A START or CONTAINER record's payload, in place: valid only while the handler runs.</summary>
public readonly ref struct StartView
{
    private readonly ref readonly KernelStart _start;
    private readonly ExecView _process;

    private StartView(
        ref readonly KernelStart start, ReadOnlySpan<byte> container, ReadOnlySpan<byte> cgroup, ExecView process)
    {
        _start = ref start;
        Container = container;
        Cgroup = cgroup;
        _process = process;
    }

    /// <summary>The session's facts.</summary>
    public ref readonly KernelStart Start => ref _start;

    /// <summary>The root process with its strings.</summary>
    public ExecView Process => _process;

    /// <summary>The container's id; empty where there is none.</summary>
    public ReadOnlySpan<byte> Container { get; }

    /// <summary>The cgroup's path below its hierarchy's root.</summary>
    public ReadOnlySpan<byte> Cgroup { get; }

    /// <summary>Reads the payload; false where a size in it exceeds what is there.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out StartView view)
    {
        view = default;
        int head = Unsafe.SizeOf<KernelStart>();
        if (payload.Length < head)
            return false;
        ref readonly KernelStart start = ref MemoryMarshal.AsRef<KernelStart>(payload);
        ReadOnlySpan<byte> strings = payload[head..];
        if (start.CgroupSize > strings.Length)
            return false;
        ref readonly KernelProcess process = ref MemoryMarshal.AsRef<KernelProcess>(
            payload[(head - Unsafe.SizeOf<KernelProcess>())..]);
        if (!ExecView.TryCreate(in process, strings[start.CgroupSize..], out ExecView exec))
            return false;
        ReadOnlySpan<byte> container = payload.Slice(KernelStart.ContainerOffset, KernelContainerName.Size);
        view = new StartView(in start, KernelText.UntilNul(container), strings[..start.CgroupSize], exec);
        return true;
    }
}
