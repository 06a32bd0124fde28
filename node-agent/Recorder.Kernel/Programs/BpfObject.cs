using System.Runtime.InteropServices;
using Recorder.Kernel.Interop;

namespace Recorder.Kernel.Programs;

/// <summary>An opened, not necessarily loaded, object file.</summary>
internal sealed unsafe class BpfObject : IDisposable
{
    private readonly byte* _bytes; // libbpf reads the file's image until it has loaded it
    private nint _object;

    /// <exception cref="CaptureException">The bytes are no object that libbpf understands, or libbpf is missing.</exception>
    public BpfObject(ReadOnlySpan<byte> file)
    {
        _bytes = (byte*)NativeMemory.Alloc((nuint)file.Length);
        file.CopyTo(new Span<byte>(_bytes, file.Length));
        try
        {
            _object = Open((nuint)file.Length);
        }
        catch
        {
            NativeMemory.Free(_bytes);
            throw;
        }
        Types = new BtfTypes(LibBpf.ObjectBtf(_object), owned: false);
        Programs = ReadPrograms();
    }

    public BtfTypes Types { get; }

    public IReadOnlyList<ProgramSpec> Programs { get; }

    /// <summary>The names of the maps: sections without the object's name before them (".bss").</summary>
    public IEnumerable<string> MapNames => Maps().Select(m => m.Name);

    public void Exclude(string program) =>
        LibBpf.ProgramSetAutoload(FindProgram(program), false);

    public void SetEntries(string map, uint entries)
    {
        int error = LibBpf.MapSetMaxEntries(FindMap(map), entries);
        if (error < 0)
            throw new CaptureException($"map {map}: can't be given {entries} entries: {Errno.Describe(error)}");
    }

    /// <summary>A section's content before the load, to be changed in place; empty where there is no such section.</summary>
    public Span<byte> InitialValue(string section)
    {
        if (Maps().FirstOrDefault(m => m.Name == section) is not { Map: not 0 } found)
            return default;
        nuint size = 0;
        byte* value = LibBpf.MapInitialValue(found.Map, &size);
        return new Span<byte>(value, (int)size);
    }

    /// <summary>Loads; 0 or a negative error number, with what libbpf and the verifier said.</summary>
    public int Load(out string log)
    {
        LibBpfLog.Begin();
        int error = LibBpf.ObjectLoad(_object);
        log = LibBpfLog.End();
        return error;
    }

    /// <summary>A loaded program's descriptor, which outlives this object; null where it was not loaded.</summary>
    public KernelHandle? TakeProgram(string name)
    {
        int fd = LibBpf.ProgramFd(FindProgram(name));
        return fd < 0 ? null : KernelHandle.Duplicate(fd, "program " + name);
    }

    /// <summary>A loaded map's descriptor, which outlives this object.</summary>
    public KernelHandle TakeMap(string name) => KernelHandle.Duplicate(LibBpf.MapFd(FindMap(name)), "map " + name);

    public void Dispose()
    {
        if (_object == 0)
            return;
        Types.Dispose();
        LibBpf.ObjectClose(_object);
        _object = 0;
        NativeMemory.Free(_bytes);
    }

    private nint Open(nuint size)
    {
        LibBpfLog.Begin();
        try
        {
            fixed (byte* name = "recorder\0"u8)
            {
                var options = new LibBpf.OpenOptions { Size = (nuint)sizeof(LibBpf.OpenOptions), Name = name };
                nint opened = LibBpf.ObjectOpen(_bytes, size, &options);
                return opened != 0
                    ? opened
                    : throw new CaptureException($"the kernel programs can't be opened: {Errno.DescribeLast()}");
            }
        }
        finally
        {
            LibBpfLog.End();
        }
    }

    private List<ProgramSpec> ReadPrograms()
    {
        var programs = new List<ProgramSpec>();
        for (nint p = LibBpf.NextProgram(_object, 0); p != 0; p = LibBpf.NextProgram(_object, p))
        {
            programs.Add(new ProgramSpec(
                Text(LibBpf.ProgramName(p)), Text(LibBpf.ProgramSection(p)), LibBpf.ProgramType(p), LibBpf.ProgramAttachType(p)));
        }
        return programs;
    }

    private List<(string Name, nint Map)> Maps()
    {
        var maps = new List<(string, nint)>();
        for (nint m = LibBpf.NextMap(_object, 0); m != 0; m = LibBpf.NextMap(_object, m))
        {
            string name = Text(LibBpf.MapName(m));
            int dot = name.IndexOf('.', StringComparison.Ordinal);
            maps.Add((dot < 0 ? name : name[dot..], m));
        }
        return maps;
    }

    private nint FindMap(string name) => Maps().FirstOrDefault(m => m.Name == name) is { Map: not 0 } found
        ? found.Map
        : throw new CaptureException($"the kernel programs have no map {name}");

    private nint FindProgram(string name)
    {
        for (nint p = LibBpf.NextProgram(_object, 0); p != 0; p = LibBpf.NextProgram(_object, p))
        {
            if (Text(LibBpf.ProgramName(p)) == name)
                return p;
        }
        throw new CaptureException($"the kernel programs have no program {name}");
    }

    private static string Text(nint utf8) => Marshal.PtrToStringUTF8(utf8) ?? "";
}
