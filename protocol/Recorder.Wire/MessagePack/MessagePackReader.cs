using System.Text;
using System.Text.Unicode;

namespace Recorder.Wire;

/// <summary>
/// Reads MessagePack, shortest forms only. Allocates nothing but the strings it is asked for, and never more than the input's own size:
/// a claimed length is compared with what is left before anything is made of it.
/// </summary>
public ref partial struct MessagePackReader
{
    private readonly ReadOnlySpan<byte> _data;
    private readonly long _origin;
    private int _position;

    /// <summary>Starts at the first byte.</summary>
    /// <param name="data">The encoded values.</param>
    /// <param name="origin">What is added to positions in errors: where <paramref name="data"/> stands in a larger whole.</param>
    public MessagePackReader(ReadOnlySpan<byte> data, long origin = 0)
    {
        _data = data;
        _origin = origin;
    }

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes left.</summary>
    public readonly int Remaining => _data.Length - _position;

    /// <summary>Whether everything was read.</summary>
    public readonly bool End => _position == _data.Length;

    /// <summary>The bytes between an earlier <see cref="Position"/> and this one.</summary>
    public readonly ReadOnlySpan<byte> Since(int position) => _data[position.._position];

    /// <summary>What stands next, without reading it.</summary>
    public readonly MessagePackKind PeekKind()
    {
        MessagePackReader copy = this;
        return copy.ReadToken().Kind;
    }

    /// <summary>Reads nil if it stands next.</summary>
    public bool TryReadNil()
    {
        if (End || _data[_position] != 0xc0)
            return false;
        _position++;
        return true;
    }

    /// <summary>Reads a Boolean.</summary>
    public bool ReadBoolean() => Expect(MessagePackKind.Boolean, "a Boolean").Value != 0;

    /// <summary>Reads an integer of zero or more.</summary>
    public ulong ReadUInt64() => Expect(MessagePackKind.Positive, "an unsigned integer").Value;

    /// <summary>Reads an integer from 0 to <paramref name="maximum"/>.</summary>
    public ulong ReadUInt64(ulong maximum)
    {
        int start = _position;
        ulong value = ReadUInt64();
        return value <= maximum ? value : throw Error(start, $"an integer above {maximum}");
    }

    /// <summary>Reads a signed integer of at most 64 bits.</summary>
    public long ReadInt64()
    {
        int start = _position;
        Token token = ReadToken();
        return token.Kind switch
        {
            MessagePackKind.Negative => (long)token.Value,
            MessagePackKind.Positive when token.Value <= long.MaxValue => (long)token.Value,
            _ => throw Error(start, "expected a 64-bit signed integer"),
        };
    }

    /// <summary>Reads a signed integer of at most 32 bits.</summary>
    public int ReadInt32()
    {
        int start = _position;
        long value = ReadInt64();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Error(start, "expected a 32-bit integer");
    }

    /// <summary>Reads a float of either width.</summary>
    public double ReadDouble()
    {
        int start = _position;
        Token token = ReadToken();
        return token.Kind switch
        {
            MessagePackKind.ShortFloat => BitConverter.UInt32BitsToSingle((uint)token.Value),
            MessagePackKind.LongFloat => BitConverter.UInt64BitsToDouble(token.Value),
            _ => throw Error(start, "expected a float"),
        };
    }

    /// <summary>Reads a str as its bytes, which are valid UTF-8.</summary>
    public ReadOnlySpan<byte> ReadUtf8()
    {
        int start = _position;
        ReadOnlySpan<byte> bytes = Take(Expect(MessagePackKind.Utf8, "a string").Value);
        return Utf8.IsValid(bytes) ? bytes : throw Error(start, "a string that is not UTF-8");
    }

    /// <summary>Reads a str.</summary>
    public string ReadString() => Encoding.UTF8.GetString(ReadUtf8());

    /// <summary>Reads text from the kernel: a str, or a bin that is not UTF-8.</summary>
    public Text ReadText()
    {
        if (PeekKind() != MessagePackKind.Binary)
            return Text.FromBytes(ReadUtf8());
        int start = _position;
        ReadOnlySpan<byte> bytes = ReadBinary();
        return Utf8.IsValid(bytes) ? throw Error(start, "text that is UTF-8 as bin") : Text.FromBytes(bytes);
    }

    /// <summary>Reads a bin, as a part of the input.</summary>
    public ReadOnlySpan<byte> ReadBinary() => Take(Expect(MessagePackKind.Binary, "binary").Value);

    /// <summary>Reads the number of values in an array.</summary>
    public int ReadArrayHeader() => ReadCount(MessagePackKind.Array, "an array", 1);

    /// <summary>Reads the number of pairs in a map.</summary>
    public int ReadMapHeader() => ReadCount(MessagePackKind.Map, "a map", 2);

    /// <summary>Reads an extension, as a part of the input.</summary>
    public ReadOnlySpan<byte> ReadExtension(out sbyte type)
    {
        Token token = Expect(MessagePackKind.Extension, "an extension");
        type = token.Type;
        return Take(token.Value);
    }

    /// <summary>Reads a UUID.</summary>
    public Guid ReadUuid()
    {
        int start = _position;
        ReadOnlySpan<byte> bytes = ReadExtension(out sbyte type);
        if (type != WireLimits.UuidExtension || bytes.Length != 16)
            throw Error(start, "expected a UUID");
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Reads a hash: bin of 32 bytes.</summary>
    public Digest ReadDigest()
    {
        int start = _position;
        ReadOnlySpan<byte> bytes = ReadBinary();
        return bytes.Length == WireLimits.Hash ? new Digest(bytes) : throw Error(start, "expected a hash of 32 bytes");
    }

    /// <summary>An error at a position of this reader.</summary>
    internal readonly WireFormatException Error(int position, string reason, string code = RefuseCode.Malformed) =>
        new(code, _origin + position, reason);

    private int ReadCount(MessagePackKind kind, string name, int bytesPerItem)
    {
        int start = _position;
        ulong count = Expect(kind, name).Value;
        return count <= (ulong)(Remaining / bytesPerItem) ? (int)count : throw Error(start, $"{name} that is longer than the input");
    }

    private Token Expect(MessagePackKind kind, string name)
    {
        int start = _position;
        Token token = ReadToken();
        return token.Kind == kind ? token : throw Expected(start, name);
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)Remaining)
            throw Error(_position, "truncated");
        ReadOnlySpan<byte> bytes = _data.Slice(_position, (int)length);
        _position += (int)length;
        return bytes;
    }

    private readonly WireFormatException Expected(int position, string name) => Error(position, $"expected {name}");
}
