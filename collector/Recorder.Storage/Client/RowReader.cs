using System.Buffers.Binary;
using System.Text;

namespace Recorder.Storage;

/// <summary>Reads one row. Called again from the row's start if the buffer ended inside it, so it must not have side effects.</summary>
internal delegate T RowParser<out T>(ref RowReader row);

/// <summary>
/// RowBinary columns of one row. Past the buffer's end every read gives a default and sets <see cref="IsShort"/>; the caller
/// then reads more and parses the row again.
/// </summary>
internal ref struct RowReader(ReadOnlySpan<byte> buffer)
{
    private readonly ReadOnlySpan<byte> _buffer = buffer;

    public int Position { get; private set; }

    public bool IsShort { get; private set; }

    public byte UInt8()
    {
        ReadOnlySpan<byte> bytes = Take(1);
        return bytes.Length == 1 ? bytes[0] : default;
    }

    public bool Bool() => UInt8() != 0;

    public ushort UInt16()
    {
        ReadOnlySpan<byte> bytes = Take(2);
        return bytes.Length == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : default;
    }

    public uint UInt32()
    {
        ReadOnlySpan<byte> bytes = Take(4);
        return bytes.Length == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : default;
    }

    public int Int32() => (int)UInt32();

    public ulong UInt64()
    {
        ReadOnlySpan<byte> bytes = Take(8);
        return bytes.Length == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : default;
    }

    public long Int64() => (long)UInt64();

    public Guid Uuid()
    {
        ReadOnlySpan<byte> bytes = Take(16);
        if (bytes.Length != 16) return default;
        Span<byte> big = stackalloc byte[16];
        bytes.CopyTo(big);
        big[..8].Reverse();
        big[8..].Reverse();
        return new Guid(big, bigEndian: true);
    }

    /// <summary>A FixedString.</summary>
    public byte[] Fixed(int size) => Take(size).ToArray();

    /// <summary>A String as bytes, valid until the parser returns.</summary>
    public ReadOnlySpan<byte> Bytes() => Take(Length32());

    /// <summary>A String as text; invalid UTF-8 becomes U+FFFD.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    public string[] Texts()
    {
        var texts = new string[Count()];
        for (int i = 0; i < texts.Length; i++) texts[i] = Text();
        return texts;
    }

    /// <summary>Length of an array or map, 0 if the buffer can't hold so many elements.</summary>
    public int Count()
    {
        int count = Length32();
        // Each element takes a byte or more: so a short buffer can't make us allocate for elements that aren't there yet.
        if (count > _buffer.Length - Position) IsShort = true;
        return IsShort ? 0 : count;
    }

    public int? NullableInt32() => IsNull() ? null : Int32();

    public uint? NullableUInt32() => IsNull() ? null : UInt32();

    public ulong? NullableUInt64() => IsNull() ? null : UInt64();

    public long? NullableInt64() => IsNull() ? null : Int64();

    public Guid? NullableUuid() => IsNull() ? null : Uuid();

    private bool IsNull() => UInt8() != 0;

    private int Length32()
    {
        uint value = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            byte part = UInt8();
            value |= (uint)(part & 0x7f) << shift;
            if (part < 0x80) break;
        }
        return value <= int.MaxValue ? (int)value : throw new StoreException(StoreError.Other, "The store sent a length beyond 2 GiB.");
    }

    private ReadOnlySpan<byte> Take(int size)
    {
        if (IsShort || _buffer.Length - Position < size)
        {
            IsShort = true;
            return default;
        }
        ReadOnlySpan<byte> taken = _buffer.Slice(Position, size);
        Position += size;
        return taken;
    }
}
