using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace Recorder.Kernel;

/// <summary>A task's name as the kernel keeps it: up to 15 bytes and a NUL.</summary>
[InlineArray(Size)]
public struct KernelComm
{
    internal const int Size = 16;
    private byte _first;

    /// <summary>The bytes before the first NUL.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Bytes => KernelText.UntilNul(this);

    /// <summary>The name, with what is not UTF-8 replaced.</summary>
    public override readonly string ToString() => Encoding.UTF8.GetString(Bytes);
}

/// <summary>A container's id: 64 hex digits, or a runtime's own name.</summary>
[InlineArray(Size)]
public struct KernelContainerName
{
    internal const int Size = 72;
    private byte _first;

    /// <summary>The bytes before the first NUL.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Bytes => KernelText.UntilNul(this);

    /// <summary>The id, with what is not UTF-8 replaced.</summary>
    public override readonly string ToString() => Encoding.UTF8.GetString(Bytes);
}

/// <summary>A socket address: 4 or 16 bytes in network order, or a path.</summary>
[InlineArray(Size)]
public struct KernelAddress
{
    internal const int Size = 108;
    private byte _first;

    /// <summary>All bytes.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Bytes => this;
}

internal static class KernelText
{
    public static ReadOnlySpan<byte> UntilNul(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return end < 0 ? bytes : bytes[..end];
    }
}
