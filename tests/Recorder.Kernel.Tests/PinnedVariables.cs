using Recorder.Kernel.Interop;
using Recorder.Kernel.Programs;

namespace Recorder.Kernel.Tests;

/// <summary>Reads variables of a pinned load past the product's own code.</summary>
internal static unsafe class PinnedVariables
{
    public static ulong Read(string layout, byte[] file, string name)
    {
        using var obj = new BpfObject(file);
        BtfMember place = obj.Types.FindVariable(".bss", name)!.Value;
        using KernelHandle map = KernelHandle.TakeBpf(LibBpf.GetPinned(Path.Combine(layout, "maps", "_bss")), "bss");
        var value = new byte[ObjectInfo.ReadMap(map).ValueSize];
        uint key = 0;
        fixed (byte* bytes = value)
            LibBpf.MapLookup(map, &key, bytes).ShouldBe(0);
        return place.Size == 8 ? BitConverter.ToUInt64(value, (int)place.Offset) : BitConverter.ToUInt32(value, (int)place.Offset);
    }
}
