namespace Recorder.Wire.Tests;

/// <summary>Something to encode, with the name of its vector.</summary>
/// <param name="Name">Name of the vector's files.</param>
/// <param name="Kind">frame, message or batch.</param>
/// <param name="Description">What it shows.</param>
/// <param name="Write">Encodes it.</param>
internal sealed record Sample(string Name, string Kind, string Description, Action<PooledBuffer> Write)
{
    public byte[] Encode()
    {
        using var buffer = new PooledBuffer();
        Write(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public static IReadOnlyList<Sample> All() => [.. FrameSamples.All(), .. MessageSamples.All()];
}
