using System.Buffers;

namespace Recorder.Wire;

/// <summary>
/// A growing byte buffer from the shared array pool, reusable after <see cref="Clear"/>. Not thread-safe. Spans it hands out are valid
/// until the next <see cref="GetSpan"/>, <see cref="Clear"/> or <see cref="Dispose"/>.
/// </summary>
public sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private const int Smallest = 256;
    private byte[] _array = [];

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes that are held, written or not.</summary>
    public int Capacity => _array.Length;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _array.AsSpan(0, Length);

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _array.AsMemory(0, Length);

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _array.Length - Length);
        Length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsMemory(Length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsSpan(Length);
    }

    /// <summary>Forgets what was written behind <paramref name="length"/>.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
    }

    /// <summary>Forgets what was written; keeps the array unless it is larger than <paramref name="keep"/> bytes.</summary>
    public void Clear(int keep = int.MaxValue)
    {
        Length = 0;
        if (_array.Length > keep)
            Release();
    }

    /// <summary>Returns the array to the pool. The buffer may be used again.</summary>
    public void Dispose()
    {
        Length = 0;
        Release();
    }

    private void Reserve(int sizeHint)
    {
        int needed = Length + Math.Max(sizeHint, 1);
        if (needed <= _array.Length)
            return;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(needed, _array.Length * 2), Smallest));
        WrittenSpan.CopyTo(larger);
        Release();
        _array = larger;
    }

    private void Release()
    {
        // Recorded bytes are not left readable for the pool's next tenant: it hands arrays to any caller in the process,
        // which only ever reads what it wrote, so clearing is not needed for correctness and would cost a pass per batch.
        if (_array.Length > 0)
            ArrayPool<byte>.Shared.Return(_array);
        _array = [];
    }
}
