using Recorder.Kernel.Interop;

namespace Recorder.Kernel.Maps;

/// <summary>Where the variables that are shared with the programs lie in .bss.</summary>
internal sealed record VariablePlaces(
    BtfMember RecorderSelf, BtfMember ScanPass, BtfMember NextSession, BtfMember LiveStreams, BtfMember PendingEntries)
{
    public const string Section = ".bss";

    /// <exception cref="CaptureException">The object lacks one.</exception>
    public static VariablePlaces Find(BtfTypes types) => new(
        Find(types, "recorder_self"), Find(types, "scan_pass"), Find(types, "next_session"),
        Find(types, "live_streams"), Find(types, "pending_entries"));

    private static BtfMember Find(BtfTypes types, string name) => types.FindVariable(Section, name)
        ?? throw new CaptureException($"the kernel programs have no variable {name}");
}

/// <summary>The programs' .bss, mapped: reading a variable is a load, not a system call.</summary>
internal sealed unsafe class ProgramVariables : IDisposable
{
    private readonly VariablePlaces _places;
    private readonly nuint _length;
    private nint _memory;

    /// <exception cref="CaptureException">It can't be mapped.</exception>
    public ProgramVariables(KernelHandle map, uint size, VariablePlaces places)
    {
        _places = places;
        uint page = (uint)Environment.SystemPageSize;
        _length = (size + page - 1) / page * page;
        _memory = LibC.MMap(0, _length, LibC.ProtRead | LibC.ProtWrite, LibC.MapShared, map, 0);
        if (_memory == LibC.MapFailed)
            throw new CaptureException($"mapping the programs' variables: {Errno.DescribeLast()}");
    }

    /// <summary>The process that is never recorded.</summary>
    public uint RecorderSelf
    {
        get => (uint)Read(_places.RecorderSelf);
        set => Write(_places.RecorderSelf, value);
    }

    /// <summary>What the iterator does with each task.</summary>
    public uint ScanPass
    {
        get => (uint)Read(_places.ScanPass);
        set => Write(_places.ScanPass, value);
    }

    /// <summary>The number given last to a session.</summary>
    public ulong NextSession => Read(_places.NextSession);

    /// <summary>Whether there is something for the stream programs to do.</summary>
    public bool NeedsStreams => Read(_places.LiveStreams) != 0 || Read(_places.PendingEntries) != 0;

    public void Dispose()
    {
        if (_memory != 0)
            _ = LibC.MUnmap(_memory, _length);
        _memory = 0;
    }

    private ulong Read(BtfMember place) => place.Size == sizeof(ulong)
        ? Volatile.Read(ref *(ulong*)Place(place))
        : Volatile.Read(ref *(uint*)Place(place));

    private void Write(BtfMember place, uint value)
    {
        if (place.Size == sizeof(ulong))
            Volatile.Write(ref *(ulong*)Place(place), value);
        else
            Volatile.Write(ref *(uint*)Place(place), value);
    }

    private byte* Place(BtfMember place)
    {
        ObjectDisposedException.ThrowIf(_memory == 0, this);
        return (byte*)_memory + place.Offset;
    }
}
