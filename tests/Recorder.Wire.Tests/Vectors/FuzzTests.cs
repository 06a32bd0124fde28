namespace Recorder.Wire.Tests;

/// <summary>Whatever the bytes are: they are read, or refused with <see cref="WireFormatException"/>, in memory that is in proportion to them.</summary>
public sealed class FuzzTests
{
    private static readonly byte[] Masks = [0x01, 0x02, 0x10, 0x40, 0x80, 0xff];
    private static readonly byte[] Codes = [0xc4, 0xc6, 0xc9, 0xd9, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xcf, 0xd3, 0xc0, 0x9f, 0x8f];

    [Fact]
    public void EveryVector_EveryByteChanged_IsReadOrRefused()
    {
        foreach (Vector vector in Vector.All())
        {
            for (int i = 0; i < vector.Bytes.Length; i++)
            {
                foreach (byte mask in Masks)
                    Try(vector.Kind, Changed(vector.Bytes, i, (byte)(vector.Bytes[i] ^ mask)));
                foreach (byte code in Codes)
                    Try(vector.Kind, Changed(vector.Bytes, i, code));
            }
        }
    }

    [Fact]
    public void EveryVector_CutAnywhere_IsRefused()
    {
        foreach (Vector vector in Vector.All())
        {
            for (int length = 1; length < vector.Bytes.Length; length++)
                Try(vector.Kind, vector.Bytes[..length]).ShouldBeFalse($"{vector.Name} of {length} bytes");
        }
    }

    [Fact]
    public void EveryVector_BytesPutInAndTakenOut_IsReadOrRefused()
    {
        var random = new Random(7);
        IReadOnlyList<Vector> vectors = Vector.All();
        for (int i = 0; i < 20_000; i++)
        {
            Vector vector = vectors[random.Next(vectors.Count)];
            var bytes = vector.Bytes.ToList();
            for (int change = random.Next(1, 5); change > 0; change--)
                Mutate(bytes, random);
            Try(vector.Kind, [.. bytes]);
        }
    }

    [Fact]
    public void RandomBytes_AreReadOrRefused()
    {
        var random = new Random(8);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            if (i % 2 == 0)
                bytes[0] = (byte)(0x90 | random.Next(16));
            Try(i % 3 == 0 ? "frame" : i % 3 == 1 ? "message" : "batch", bytes);
        }
    }

    [Fact]
    public void Claims_OfHugeLengths_AllocateNothingLikeThem()
    {
        foreach (Vector vector in Vector.All())
        {
            for (int i = 0; i < vector.Bytes.Length; i++)
            {
                foreach (byte code in new byte[] { 0xc6, 0xdb, 0xdd, 0xdf })
                    Try(vector.Kind, [.. vector.Bytes[..i], code, 0x7f, 0xff, 0xff, 0xff, .. vector.Bytes[(i + 1)..]]);
            }
        }
    }

    private static bool Try(string kind, byte[] bytes)
    {
        bool read = true;
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Decode(kind, bytes);
        }
        catch (WireFormatException error)
        {
            error.Offset.ShouldBeInRange(0, bytes.Length);
            read = false;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        allocated.ShouldBeLessThan(64 * 1024 + (64L * bytes.Length), $"{kind} {Convert.ToHexStringLower(bytes)}");
        return read;
    }

    private static void Decode(string kind, byte[] bytes)
    {
        switch (kind)
        {
            case "message": Message.Read(bytes); break;
            case "batch": Batch.Read(bytes); break;
            default:
                foreach (Frame frame in new FrameReader(bytes))
                    frame.Check();
                break;
        }
    }

    private static byte[] Changed(byte[] bytes, int index, byte value)
    {
        byte[] changed = [.. bytes];
        changed[index] = value;
        return changed;
    }

    private static void Mutate(List<byte> bytes, Random random)
    {
        int at = random.Next(bytes.Count);
        switch (random.Next(3))
        {
            case 0: bytes[at] = (byte)random.Next(256); break;
            case 1: bytes.Insert(at, Codes[random.Next(Codes.Length)]); break;
            default:
                if (bytes.Count > 1)
                    bytes.RemoveAt(at);
                break;
        }
    }
}
