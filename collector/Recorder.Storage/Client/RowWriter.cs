using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Recorder.Storage;

/// <summary>
/// Builds RowBinary rows (https://clickhouse.com/docs/interfaces/formats/RowBinary) in one pooled buffer that grows and is
/// used again: nothing is allocated per row.
/// </summary>
internal sealed class RowWriter : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int _length;

    /// <summary>Rows since the last <see cref="Clear"/>.</summary>
    public int Rows { get; private set; }

    /// <summary>Bytes since the last <see cref="Clear"/>.</summary>
    public int Length => _length;

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    public void EndRow() => Rows++;

    public void Clear() => (_length, Rows) = (0, 0);

    public void UInt8(byte value) => Take(1)[0] = value;

    public void Bool(bool value) => UInt8(value ? (byte)1 : (byte)0);

    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    /// <summary>ClickHouse keeps a UUID as two little-endian 64-bit halves, the high one first.</summary>
    public void Uuid(Guid value)
    {
        Span<byte> to = Take(16);
        value.TryWriteBytes(to, bigEndian: true, out _);
        to[..8].Reverse();
        to[8..].Reverse();
    }

    /// <summary>A FixedString: the bytes without a length.</summary>
    public void Fixed(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    /// <summary>A String.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Length32(value.Length);
        value.CopyTo(Take(value.Length));
    }

    /// <summary>A String from text.</summary>
    public void Text(string value)
    {
        int size = Encoding.UTF8.GetByteCount(value);
        Length32(size);
        Encoding.UTF8.GetBytes(value, Take(size));
    }

    /// <summary>Length of a String, array or map: LEB128.</summary>
    public void Length32(int value)
    {
        uint rest = (uint)value;
        for (; rest >= 0x80; rest >>= 7) UInt8((byte)(rest | 0x80));
        UInt8((byte)rest);
    }

    public void NullableInt32(int? value)
    {
        Bool(value is null);
        if (value is { } number) Int32(number);
    }

    public void NullableUInt32(uint? value)
    {
        Bool(value is null);
        if (value is { } number) UInt32(number);
    }

    public void NullableUInt64(ulong? value)
    {
        Bool(value is null);
        if (value is { } number) UInt64(number);
    }

    public void NullableInt64(long? value)
    {
        Bool(value is null);
        if (value is { } number) Int64(number);
    }

    public void NullableUuid(Guid? value)
    {
        Bool(value is null);
        if (value is { } id) Uuid(id);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Clear();
    }

    private Span<byte> Take(int size)
    {
        if (_buffer.Length - _length < size) Grow(size);
        Span<byte> taken = _buffer.AsSpan(_length, size);
        _length += size;
        return taken;
    }

    private void Grow(int size)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + size));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
