using Recorder.Kernel.Interop;
using Recorder.Kernel.Programs;

namespace Recorder.Kernel.Tests;

/// <summary>The objects of Fixtures/, and ways to make them write records.</summary>
internal static unsafe class Fixture
{
    public static byte[] Plain => Read("plain");

    public static byte[] RefuseRequired => Read("refuse_required");

    public static byte[] RefuseOptional => Read("refuse_optional");

    public static byte[] AbsentOptional => Read("absent_optional");

    public static byte[] OtherVersion => Read("other_version");

    /// <summary>Writes records into the ring of a pinned load, as if the kernel's hooks had.</summary>
    public static void Emit(
        string layout, KernelEventType type, ulong session, ulong first = 0, uint records = 1, uint size = 0, uint live = 0)
    {
        using KernelHandle program = KernelHandle.TakeBpf(LibBpf.GetPinned(Path.Combine(layout, "programs", "emit")), "emit");
        var context = new EmitContext { Session = session, First = first, Records = records, Type = (uint)type, Size = size, Live = live };
        var options = new LibBpf.TestRunOptions
        {
            Size = (nuint)sizeof(LibBpf.TestRunOptions),
            ContextIn = &context,
            ContextSizeIn = (uint)sizeof(EmitContext),
        };
        LibBpf.TestRun(program, &options).ShouldBe(0);
    }

    public static BpfObject Open(byte[] file) => new(file);

    private static byte[] Read(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "fixtures", name + ".bpf.o");
        if (!File.Exists(path))
            Assert.Skip("clang-19 is missing: the fixture programs were not built");
        return File.ReadAllBytes(path);
    }

    private struct EmitContext
    {
        public ulong Session;
        public ulong First;
        public uint Records;
        public uint Type;
        public uint Size;
        public uint Live;
    }
}
