using System.Runtime.InteropServices;

namespace Recorder.Kernel.Interop;

/// <summary>
/// libbpf 1.x (https://libbpf.readthedocs.io/en/latest/api.html): opening and relocating objects, BTF, and its thin
/// wrappers of bpf(2). Integers are negative error numbers on failure; null pointers come with errno.
/// </summary>
internal static unsafe partial class LibBpf
{
    private const string Lib = "libbpf.so.1";

    [LibraryImport(Lib, EntryPoint = "libbpf_set_print")]
    public static partial nint SetPrint(delegate* unmanaged[Cdecl]<int, byte*, nint, int> print);

    [LibraryImport(Lib, EntryPoint = "libbpf_num_possible_cpus")]
    public static partial int PossibleCpus();

    [LibraryImport(Lib, EntryPoint = "bpf_object__open_mem", SetLastError = true)]
    public static partial nint ObjectOpen(byte* bytes, nuint size, OpenOptions* options);

    [LibraryImport(Lib, EntryPoint = "bpf_object__load")]
    public static partial int ObjectLoad(nint obj);

    [LibraryImport(Lib, EntryPoint = "bpf_object__close")]
    public static partial void ObjectClose(nint obj);

    [LibraryImport(Lib, EntryPoint = "bpf_object__next_program")]
    public static partial nint NextProgram(nint obj, nint previous);

    [LibraryImport(Lib, EntryPoint = "bpf_object__next_map")]
    public static partial nint NextMap(nint obj, nint previous);

    [LibraryImport(Lib, EntryPoint = "bpf_object__btf")]
    public static partial nint ObjectBtf(nint obj);

    [LibraryImport(Lib, EntryPoint = "bpf_program__name")]
    public static partial nint ProgramName(nint program);

    [LibraryImport(Lib, EntryPoint = "bpf_program__section_name")]
    public static partial nint ProgramSection(nint program);

    [LibraryImport(Lib, EntryPoint = "bpf_program__type")]
    public static partial int ProgramType(nint program);

    [LibraryImport(Lib, EntryPoint = "bpf_program__expected_attach_type")]
    public static partial int ProgramAttachType(nint program);

    [LibraryImport(Lib, EntryPoint = "bpf_program__fd")]
    public static partial int ProgramFd(nint program);

    [LibraryImport(Lib, EntryPoint = "bpf_program__set_autoload")]
    public static partial int ProgramSetAutoload(nint program, [MarshalAs(UnmanagedType.U1)] bool load);

    [LibraryImport(Lib, EntryPoint = "bpf_map__name")]
    public static partial nint MapName(nint map);

    [LibraryImport(Lib, EntryPoint = "bpf_map__type")]
    public static partial int MapType(nint map);

    [LibraryImport(Lib, EntryPoint = "bpf_map__fd")]
    public static partial int MapFd(nint map);

    [LibraryImport(Lib, EntryPoint = "bpf_map__set_max_entries")]
    public static partial int MapSetMaxEntries(nint map, uint entries);

    [LibraryImport(Lib, EntryPoint = "bpf_map__initial_value")]
    public static partial byte* MapInitialValue(nint map, nuint* size);

    [LibraryImport(Lib, EntryPoint = "btf__type_by_id")]
    public static partial uint* BtfType(nint btf, uint id);

    [LibraryImport(Lib, EntryPoint = "btf__name_by_offset")]
    public static partial nint BtfName(nint btf, uint offset);

    [LibraryImport(Lib, EntryPoint = "btf__type_cnt")]
    public static partial uint BtfTypeCount(nint btf);

    [LibraryImport(Lib, EntryPoint = "btf__load_from_kernel_by_id", SetLastError = true)]
    public static partial nint BtfLoadFromKernel(uint id);

    [LibraryImport(Lib, EntryPoint = "btf__free")]
    public static partial void BtfFree(nint btf);

    [LibraryImport(Lib, EntryPoint = "bpf_obj_pin", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Pin(SafeHandle fd, string path);

    [LibraryImport(Lib, EntryPoint = "bpf_obj_get", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int GetPinned(string path);

    [LibraryImport(Lib, EntryPoint = "bpf_obj_get_info_by_fd")]
    public static partial int GetInfo(SafeHandle fd, byte* info, uint* size);

    [LibraryImport(Lib, EntryPoint = "bpf_map_lookup_elem")]
    public static partial int MapLookup(SafeHandle map, void* key, void* value);

    [LibraryImport(Lib, EntryPoint = "bpf_map_update_elem")]
    public static partial int MapUpdate(SafeHandle map, void* key, void* value, ulong flags);

    [LibraryImport(Lib, EntryPoint = "bpf_map_delete_elem")]
    public static partial int MapDelete(SafeHandle map, void* key);

    [LibraryImport(Lib, EntryPoint = "bpf_map_get_next_key")]
    public static partial int MapNextKey(SafeHandle map, void* key, void* next);

    [LibraryImport(Lib, EntryPoint = "bpf_link_create")]
    public static partial int LinkCreate(SafeHandle program, int target, int attachType, nint options);

    [LibraryImport(Lib, EntryPoint = "bpf_link_detach")]
    public static partial int LinkDetach(SafeHandle link);

    [LibraryImport(Lib, EntryPoint = "bpf_raw_tracepoint_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RawTracepointOpen(string? name, SafeHandle program);

    [LibraryImport(Lib, EntryPoint = "bpf_iter_create")]
    public static partial int IteratorCreate(SafeHandle link);

    [LibraryImport(Lib, EntryPoint = "bpf_prog_test_run_opts")]
    public static partial int TestRun(SafeHandle program, TestRunOptions* options);

    /// <summary>struct bpf_test_run_opts.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TestRunOptions
    {
        public nuint Size;
        public void* DataIn;
        public void* DataOut;
        public uint DataSizeIn;
        public uint DataSizeOut;
        public void* ContextIn;
        public void* ContextOut;
        public uint ContextSizeIn;
        public uint ContextSizeOut;
        public uint ReturnValue;
        public int Repeat;
        public uint Duration;
        public uint Flags;
        public uint Cpu;
        public uint BatchSize;
    }

    /// <summary>The head of struct bpf_object_open_opts; the library reads no further than its size says.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct OpenOptions
    {
        public nuint Size;
        public byte* Name;
    }
}
