using System.Buffers.Binary;

namespace Recorder.Wire;

/// <summary>The first bytes of each value, and how to skip one.</summary>
public ref partial struct MessagePackReader
{
    /// <summary>Reads one value of any kind and everything in it.</summary>
    /// <param name="nesting">How many arrays and maps may be inside each other.</param>
    /// <exception cref="WireFormatException">Truncated, not in shortest form, not UTF-8, or nested deeper.</exception>
    public void Skip(int nesting = WireLimits.Nesting)
    {
        // Values still to read at each open level, innermost last. The stack is bounded by the limit, not by the input.
        Span<ulong> left = stackalloc ulong[WireLimits.Nesting];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nesting, left.Length);
        int level = 0;
        do
        {
            int start = _position;
            Token token = SkipScalar();
            ulong inside = Inside(token, start);
            if (level > 0)
                left[level - 1]--;
            if (level == nesting && token.Kind is (MessagePackKind.Array or MessagePackKind.Map))
                throw Error(start, "nested too deeply");
            if (inside > 0)
                left[level++] = inside;

            while (level > 0 && left[level - 1] == 0)
                level--;
        }
        while (level > 0);
    }

    private readonly ulong Inside(Token token, int start)
    {
        ulong inside = token.Kind switch
        {
            MessagePackKind.Array => token.Value,
            MessagePackKind.Map => token.Value * 2,
            _ => 0,
        };
        return inside <= (ulong)Remaining ? inside : throw Error(start, "a collection that is longer than the input");
    }

    private Token SkipScalar()
    {
        MessagePackReader start = this;
        Token token = ReadToken();
        if (token.Kind == MessagePackKind.Utf8)
        {
            start.ReadUtf8();
            _position = start._position;
        }
        else if (token.Kind is MessagePackKind.Binary or MessagePackKind.Extension)
        {
            Take(token.Value);
        }

        return token;
    }

    private Token ReadToken()
    {
        byte code = Take(1)[0];
        return code switch
        {
            <= 0x7f => new(MessagePackKind.Positive, code),
            <= 0x8f => new(MessagePackKind.Map, code & 0x0fUL),
            <= 0x9f => new(MessagePackKind.Array, code & 0x0fUL),
            <= 0xbf => new(MessagePackKind.Utf8, code & 0x1fUL),
            >= 0xe0 => new(MessagePackKind.Negative, (ulong)(sbyte)code),
            _ => ReadLongToken(code),
        };
    }

    private Token ReadLongToken(byte code) => code switch
    {
        0xc0 => new(MessagePackKind.Nil, 0),
        0xc2 or 0xc3 => new(MessagePackKind.Boolean, code & 1UL),
        0xc4 or 0xc5 or 0xc6 => new(MessagePackKind.Binary, Number(1 << (code - 0xc4), 0)),
        0xc7 or 0xc8 or 0xc9 => LongExtension(1 << (code - 0xc7)),
        0xca => new(MessagePackKind.ShortFloat, Big(4)),
        0xcb => new(MessagePackKind.LongFloat, Big(8)),
        >= 0xcc and <= 0xcf => new(MessagePackKind.Positive, Number(1 << (code - 0xcc), 0x80)),
        >= 0xd0 and <= 0xd3 => Negative(1 << (code - 0xd0)),
        >= 0xd4 and <= 0xd8 => new(MessagePackKind.Extension, 1UL << (code - 0xd4), (sbyte)Take(1)[0]),
        0xd9 or 0xda or 0xdb => new(MessagePackKind.Utf8, Number(1 << (code - 0xd9), 32)),
        0xdc or 0xdd => new(MessagePackKind.Array, Number(2 << (code - 0xdc), 16)),
        0xde or 0xdf => new(MessagePackKind.Map, Number(2 << (code - 0xde), 16)),
        _ => throw Error(_position - 1, "a byte that MessagePack does not use"),
    };

    private Token LongExtension(int size)
    {
        int start = _position - 1;
        ulong length = Number(size, 0);
        return length is 1 or 2 or 4 or 8 or 16
            ? throw Error(start, "not the shortest form")
            : new(MessagePackKind.Extension, length, (sbyte)Take(1)[0]);
    }

    // Zero and above belong to the unsigned forms; below, each width is for what the next smaller one cannot hold.
    private Token Negative(int size)
    {
        int start = _position - 1;
        int unused = 64 - (8 * size);
        long value = (long)(Big(size) << unused) >> unused;
        long smaller = size == 1 ? -32 : -1L << ((4 * size) - 1);
        return value < smaller ? new(MessagePackKind.Negative, (ulong)value) : throw Error(start, "not the shortest form");
    }

    // A number of one byte must be at least what the form without any length byte cannot hold; wider ones must need their width.
    // (The one-byte form does not exist for arrays and maps, whose 16-bit form starts at 16.)
    private ulong Number(int size, ulong first)
    {
        int start = _position - 1;
        ulong value = Big(size);
        bool counted = first == 16;
        ulong least = size == 1 || (size == 2 && counted) ? first : 1UL << (4 * size);
        return value >= least ? value : throw Error(start, "not the shortest form");
    }

    private ulong Big(int size)
    {
        ReadOnlySpan<byte> bytes = Take((ulong)size);
        return size switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64BigEndian(bytes),
        };
    }

    private readonly record struct Token(MessagePackKind Kind, ulong Value, sbyte Type = 0);
}
