using System.Runtime.InteropServices;

namespace Recorder.Kernel.Interop;

/// <summary>A member of a struct, or a variable of a section. Offset and size in bytes.</summary>
internal readonly record struct BtfMember(string Name, uint Offset, uint Size);

/// <summary>
/// Type descriptions of an object or of a loaded map, as https://docs.kernel.org/bpf/btf.html lays them out: three
/// words a type (name, info with kind and count, size or type), and what its kind adds.
/// </summary>
internal sealed unsafe class BtfTypes : IDisposable
{
    private const uint KindPointer = 2;
    private const uint KindArray = 3;
    private const uint KindStruct = 4;
    private const uint KindEnum = 6;
    private const uint KindVariable = 14;
    private const uint KindSection = 15;
    private const int HeadWords = 3;

    private readonly bool _owned;
    private nint _btf;

    /// <param name="btf">libbpf's struct btf.</param>
    /// <param name="owned">False where an object owns it: then it ends with the object.</param>
    public BtfTypes(nint btf, bool owned)
    {
        _btf = btf;
        _owned = owned;
    }

    /// <summary>The types that a loaded map or program was made with.</summary>
    public static BtfTypes? FromKernel(uint id)
    {
        nint btf = id == 0 ? 0 : LibBpf.BtfLoadFromKernel(id);
        return btf == 0 ? null : new BtfTypes(btf, owned: true);
    }

    /// <summary>A struct's members, or null where there is no such struct.</summary>
    public IReadOnlyList<BtfMember>? FindStruct(string name, out uint size)
    {
        size = 0;
        if (Find(name, KindStruct) is not { } id)
            return null;
        uint* type = LibBpf.BtfType(_btf, id);
        size = type[2];
        var members = new BtfMember[Count(type)];
        for (int i = 0; i < members.Length; i++)
        {
            uint* m = type + HeadWords + (i * 3);
            members[i] = new BtfMember(Name(m[0]), (m[2] & 0xffffff) / 8, SizeOf(m[1]));
        }
        return members;
    }

    /// <summary>A global variable's place in its section, or null where there is none.</summary>
    public BtfMember? FindVariable(string section, string name)
    {
        if (Find(section, KindSection) is not { } id)
            return null;
        uint* type = LibBpf.BtfType(_btf, id);
        for (int i = 0; i < Count(type); i++)
        {
            uint* entry = type + HeadWords + (i * 3);
            uint* variable = LibBpf.BtfType(_btf, entry[0]);
            if (Kind(variable) == KindVariable && Name(variable[0]) == name)
                return new BtfMember(name, entry[1], entry[2]);
        }
        return null;
    }

    /// <summary>An enumeration's names and values, or null where there is none.</summary>
    public IReadOnlyDictionary<string, int>? FindEnum(string name)
    {
        if (Find(name, KindEnum) is not { } id)
            return null;
        uint* type = LibBpf.BtfType(_btf, id);
        var values = new Dictionary<string, int>();
        for (int i = 0; i < Count(type); i++)
        {
            uint* entry = type + HeadWords + (i * 2);
            values[Name(entry[0])] = (int)entry[1];
        }
        return values;
    }

    public void Dispose()
    {
        if (_owned && _btf != 0)
            LibBpf.BtfFree(_btf);
        _btf = 0;
    }

    private static uint Kind(uint* type) => (type[1] >> 24) & 0x1f;

    private static int Count(uint* type) => (int)(type[1] & 0xffff);

    private string Name(uint offset) => Marshal.PtrToStringUTF8(LibBpf.BtfName(_btf, offset)) ?? "";

    private uint? Find(string name, uint kind)
    {
        uint count = LibBpf.BtfTypeCount(_btf);
        for (uint id = 1; id < count; id++)
        {
            uint* type = LibBpf.BtfType(_btf, id);
            if (Kind(type) == kind && Name(type[0]) == name)
                return id;
        }
        return null;
    }

    private uint SizeOf(uint id)
    {
        uint* type = LibBpf.BtfType(_btf, id);
        switch (Kind(type))
        {
            case KindPointer:
                return 8;
            case KindArray:
                return SizeOf(type[HeadWords]) * type[HeadWords + 2];
            case 8 or 9 or 10 or 11 or 18: // typedef, volatile, const, restrict, type tag
                return SizeOf(type[2]);
            default:
                return type[2];
        }
    }
}
