using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Recorder.Wire;

/// <summary>
/// A string from the kernel: bytes that are nearly always UTF-8, but need not be (paths and arguments are any bytes but NUL). It travels
/// as str where it is valid UTF-8 and as bin where it is not, so nothing is lost. Equality is by bytes.
/// </summary>
public readonly struct Text : IEquatable<Text>
{
    private readonly byte[]? _bytes;

    private Text(byte[] bytes) => _bytes = bytes;

    /// <summary>The bytes as the kernel had them.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Whether the bytes are valid UTF-8.</summary>
    public bool IsUtf8 => Utf8.IsValid(_bytes);

    /// <summary>Copies the bytes.</summary>
    public static Text FromBytes(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? default : new Text(bytes.ToArray());

    /// <summary>Takes the UTF-8 of a string.</summary>
    public static Text FromString(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Length == 0 ? default : new Text(Encoding.UTF8.GetBytes(value));
    }

    /// <inheritdoc cref="FromString"/>
    public static implicit operator Text(string value) => FromString(value);

    /// <summary>Whether both have the same bytes.</summary>
    public static bool operator ==(Text left, Text right) => left.Equals(right);

    /// <summary>Whether the bytes differ.</summary>
    public static bool operator !=(Text left, Text right) => !left.Equals(right);

    /// <summary>The text; each byte run that is not UTF-8 becomes U+FFFD.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    /// <inheritdoc/>
    public bool Equals(Text other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Text other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }
}
