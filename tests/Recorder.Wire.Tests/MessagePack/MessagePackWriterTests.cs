using System.Buffers;

namespace Recorder.Wire.Tests;

public sealed class MessagePackWriterTests
{
    [Fact]
    public void WriteDouble_AndSingle_KeepTheirWidth()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteDouble(1.5);
        writer.WriteSingle(1.5f);
        writer.Flush();
        Convert.ToHexStringLower(output.WrittenSpan).ShouldBe("cb3ff8000000000000ca3fc00000");
    }

    [Fact]
    public void WriteString_LoneSurrogate_BecomesTheReplacementCharacter()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteString("a\ud800");
        writer.Flush();
        new MessagePackReader(output.WrittenSpan).ReadString().ShouldBe("a\uFFFD");
    }

    [Fact]
    public void Writer_OutputOfTinySpans_WritesTheSame()
    {
        byte[] large = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
        var tiny = new TinyOutput();
        var output = new ArrayBufferWriter<byte>();
        foreach (IBufferWriter<byte> target in new IBufferWriter<byte>[] { tiny, output })
        {
            var writer = new MessagePackWriter(target);
            writer.WriteArrayHeader(3);
            writer.WriteUuid(FrameSamples.Session);
            writer.WriteBinary(large);
            writer.WriteString("end");
            writer.Flush();
            writer.Written.ShouldBe(1 + 18 + 3 + 1000 + 4);
        }

        tiny.Written.ShouldBe(output.WrittenSpan.ToArray());
    }

    [Fact]
    public void PooledBuffer_Truncated_KeepsWhatStandsBefore()
    {
        using var buffer = new PooledBuffer();
        buffer.Write("abcdef"u8);
        buffer.Truncate(2);
        buffer.Write(new byte[10_000]);
        buffer.Length.ShouldBe(10_002);
        buffer.WrittenSpan[..2].ToArray().ShouldBe("ab"u8.ToArray());
        buffer.Clear(keep: 100);
        buffer.Capacity.ShouldBe(0);
    }

    /// <summary>Gives exactly what is asked for, never more.</summary>
    private sealed class TinyOutput : IBufferWriter<byte>
    {
        private readonly List<byte> _written = [];
        private byte[] _span = [];

        public byte[] Written => [.. _written];

        public void Advance(int count) => _written.AddRange(_span.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0) => _span = new byte[Math.Max(1, sizeHint)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
