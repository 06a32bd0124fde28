using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Recorder.Wire;

/// <summary>
/// Writes MessagePack in its shortest form (https://github.com/msgpack/msgpack/blob/master/spec.md). Allocates nothing. It writes ahead into
/// one span of the output: call <see cref="Flush"/> at the end, and use no other writer of the same output before that.
/// </summary>
public ref partial struct MessagePackWriter
{
    private readonly IBufferWriter<byte>? _output;
    private Span<byte> _span;
    private int _used;
    private int _flushed;
    private readonly bool _counting;
    private int _fields;

    /// <summary>Starts to write behind what the output already has.</summary>
    public MessagePackWriter(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
    }

    /// <summary>Bytes written so far.</summary>
    public readonly int Written => _flushed + _used;

    /// <summary>Hands what was written to the output.</summary>
    public void Flush()
    {
        if (_used > 0)
            _output!.Advance(_used);
        _flushed += _used;
        _span = default;
        _used = 0;
    }

    /// <summary>Writes nil.</summary>
    public void WriteNil() => Put(0xc0);

    /// <summary>Writes a Boolean.</summary>
    public void WriteBoolean(bool value) => Put((byte)(value ? 0xc3 : 0xc2));

    /// <summary>Writes an integer of zero or more.</summary>
    public void WriteUInt64(ulong value)
    {
        if (value <= 0x7f)
            Put((byte)value);
        else
            PutLength(value, 0xcc);
    }

    /// <summary>Writes an integer.</summary>
    public void WriteInt64(long value)
    {
        if (value >= 0)
        {
            WriteUInt64((ulong)value);
            return;
        }

        switch (value)
        {
            case >= -32:
                Put((byte)value);
                break;
            case >= sbyte.MinValue:
                Put(0xd0);
                Put((byte)value);
                break;
            case >= short.MinValue:
                BinaryPrimitives.WriteInt16BigEndian(Code(0xd1, 2), (short)value);
                break;
            case >= int.MinValue:
                BinaryPrimitives.WriteInt32BigEndian(Code(0xd2, 4), (int)value);
                break;
            default:
                BinaryPrimitives.WriteInt64BigEndian(Code(0xd3, 8), value);
                break;
        }
    }

    /// <summary>Writes a 32-bit float.</summary>
    public void WriteSingle(float value) => BinaryPrimitives.WriteSingleBigEndian(Code(0xca, 4), value);

    /// <summary>Writes a 64-bit float.</summary>
    public void WriteDouble(double value) => BinaryPrimitives.WriteDoubleBigEndian(Code(0xcb, 8), value);

    /// <summary>Writes text as str.</summary>
    public void WriteString(ReadOnlySpan<char> value)
    {
        int bytes = Encoding.UTF8.GetByteCount(value);
        WriteStringHeader(bytes);
        Encoding.UTF8.GetBytes(value, Take(bytes));
    }

    /// <summary>Writes bytes that are valid UTF-8 as str. The caller answers for the validity.</summary>
    public void WriteUtf8(ReadOnlySpan<byte> value)
    {
        WriteStringHeader(value.Length);
        WriteRaw(value);
    }

    /// <summary>Writes text from the kernel: str if it is valid UTF-8, else bin.</summary>
    public void WriteText(Text value)
    {
        if (value.IsUtf8)
            WriteUtf8(value.Bytes);
        else
            WriteBinary(value.Bytes);
    }

    /// <summary>Writes bytes as bin.</summary>
    public void WriteBinary(ReadOnlySpan<byte> value)
    {
        WriteBinaryHeader(value.Length);
        WriteRaw(value);
    }

    /// <summary>Writes the header of a bin; exactly <paramref name="length"/> bytes must follow by <see cref="WriteRaw"/>.</summary>
    public void WriteBinaryHeader(int length) => PutLength((ulong)length, 0xc4);

    /// <summary>Writes the header of an array; <paramref name="count"/> values must follow.</summary>
    public void WriteArrayHeader(int count) => PutCount(count, 0x90, 0xdc);

    /// <summary>Writes the header of a map; <paramref name="count"/> pairs of key and value must follow.</summary>
    public void WriteMapHeader(int count) => PutCount(count, 0x80, 0xde);

    /// <summary>Writes an extension.</summary>
    public void WriteExtension(sbyte type, ReadOnlySpan<byte> value)
    {
        byte fixedCode = value.Length switch { 1 => 0xd4, 2 => 0xd5, 4 => 0xd6, 8 => 0xd7, 16 => 0xd8, _ => 0 };
        if (fixedCode != 0)
            Put(fixedCode);
        else
            PutLength((ulong)value.Length, 0xc7);
        Put((byte)type);
        WriteRaw(value);
    }

    /// <summary>Writes a UUID: ext type 2 with 16 big-endian bytes.</summary>
    public void WriteUuid(Guid value)
    {
        Span<byte> bytes = Take(18);
        bytes[0] = 0xd8;
        bytes[1] = (byte)WireLimits.UuidExtension;
        value.TryWriteBytes(bytes[2..], bigEndian: true, out _);
    }

    /// <summary>Writes a hash: bin of 32 bytes.</summary>
    public void WriteDigest(Digest value)
    {
        WriteBinaryHeader(WireLimits.Hash);
        value.CopyTo(Take(WireLimits.Hash));
    }

    /// <summary>Writes bytes as they are: encoded values, or the content behind a header.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0)
            bytes.CopyTo(Take(bytes.Length));
    }

    private void WriteStringHeader(int length)
    {
        if (length < 32)
            Put((byte)(0xa0 | length));
        else
            PutLength((ulong)length, 0xd9);
    }

    private void PutCount(int count, byte fixedCode, byte code16)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count < 16)
            Put((byte)(fixedCode | count));
        else if (count <= ushort.MaxValue)
            BinaryPrimitives.WriteUInt16BigEndian(Code(code16, 2), (ushort)count);
        else
            BinaryPrimitives.WriteUInt32BigEndian(Code((byte)(code16 + 1), 4), (uint)count);
    }

    // The codes of the 8, 16, 32 and 64-bit forms follow each other for uint, str, bin and ext alike.
    private void PutLength(ulong value, byte code8)
    {
        if (value <= byte.MaxValue)
            Code(code8, 1)[0] = (byte)value;
        else if (value <= ushort.MaxValue)
            BinaryPrimitives.WriteUInt16BigEndian(Code((byte)(code8 + 1), 2), (ushort)value);
        else if (value <= uint.MaxValue)
            BinaryPrimitives.WriteUInt32BigEndian(Code((byte)(code8 + 2), 4), (uint)value);
        else
            BinaryPrimitives.WriteUInt64BigEndian(Code((byte)(code8 + 3), 8), value);
    }

    private Span<byte> Code(byte code, int size)
    {
        Span<byte> bytes = Take(1 + size);
        bytes[0] = code;
        return bytes[1..];
    }

    private void Put(byte value) => Take(1)[0] = value;

    private Span<byte> Take(int size)
    {
        if (_span.Length - _used < size)
        {
            Flush();
            _span = _output!.GetSpan(size);
        }

        Span<byte> taken = _span.Slice(_used, size);
        _used += size;
        return taken;
    }
}
