namespace Recorder.Wire.Tests;

public sealed class MessagePackReaderTests
{
    [Theory]
    [InlineData("cc7f", "a positive integer in two bytes")]
    [InlineData("cd00ff", "uint16 that fits into 8 bits")]
    [InlineData("ce0000ffff", "uint32 that fits into 16 bits")]
    [InlineData("cf00000000ffffffff", "uint64 that fits into 32 bits")]
    [InlineData("d0e0", "int8 that fits into one byte")]
    [InlineData("d005", "a positive integer as int8")]
    [InlineData("d1ff80", "int16 that fits into 8 bits")]
    [InlineData("d2ffff8000", "int32 that fits into 16 bits")]
    [InlineData("d3ffffffff80000000", "int64 that fits into 32 bits")]
    [InlineData("d30000000000000001", "a positive integer as int64")]
    [InlineData("d90161", "str8 of one byte")]
    [InlineData("da000161", "str16 of one byte")]
    [InlineData("db0000000161", "str32 of one byte")]
    [InlineData("c5000161", "bin16 of one byte")]
    [InlineData("c60000000161", "bin32 of one byte")]
    [InlineData("dc0001c0", "array16 of one value")]
    [InlineData("dd00000001c0", "array32 of one value")]
    [InlineData("de0001c0c0", "map16 of one pair")]
    [InlineData("df00000001c0c0", "map32 of one pair")]
    [InlineData("c7010261", "ext8 of one byte, which has a fixed form")]
    [InlineData("c800030200ff00", "ext16 of three bytes")]
    [InlineData("c1", "the code that is not used")]
    [InlineData("a1ff", "a string that is not UTF-8")]
    [InlineData("91a2c328", "a string that is not UTF-8, inside")]
    [InlineData("", "nothing")]
    public void Skip_NotCanonical_IsRefused(string hex, string because)
    {
        WireFormatException? error = null;
        try
        {
            var reader = new MessagePackReader(Convert.FromHexString(hex));
            reader.Skip();
        }
        catch (WireFormatException caught)
        {
            error = caught;
        }

        error.ShouldNotBeNull(because);
        error.Code.ShouldBe(RefuseCode.Malformed);
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void Skip_NestedArrays_UpToTheLimit(int levels, bool accepted)
    {
        byte[] innermostEmpty = [.. Enumerable.Repeat((byte)0x91, levels - 1), 0x90];
        byte[] innermostFull = [.. Enumerable.Repeat((byte)0x91, levels), 0xc0];
        byte[] maps = [.. Enumerable.Repeat<byte[]>([0x81, 0xc0], levels).SelectMany(map => map), 0xc0];
        foreach (byte[] bytes in new[] { innermostEmpty, innermostFull, maps })
            IsSkipped(bytes).ShouldBe(accepted);
    }

    [Theory]
    [InlineData("c6ffffffff")]
    [InlineData("dbffffffff")]
    [InlineData("ddffffffff")]
    [InlineData("dfffffffff")]
    [InlineData("c9ffffffff02")]
    [InlineData("91ddffffffffc0")]
    public void Skip_ClaimedLengthBeyondTheInput_IsRefusedWithoutAllocating(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        IsSkipped(bytes).ShouldBeFalse();
        long before = GC.GetAllocatedBytesForCurrentThread();
        IsSkipped(bytes);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(16 * 1024);
    }

    [Fact]
    public void ReadInt64_AboveItsRange_IsRefused()
    {
        Should.Throw<WireFormatException>(() => new MessagePackReader([0xcf, 0x80, 0, 0, 0, 0, 0, 0, 0]).ReadInt64());
        new MessagePackReader([0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0]).ReadInt64().ShouldBe(long.MinValue);
    }

    [Fact]
    public void ReadText_AnyBytes_ComeBackAsTheyWere()
    {
        foreach (byte[] bytes in new byte[][] { [], [0x61], [0xff], [0x61, 0xc3], [0xed, 0xa0, 0x80], [0xc3, 0xa9] })
        {
            using var buffer = new PooledBuffer();
            var writer = new MessagePackWriter(buffer);
            writer.WriteText(Text.FromBytes(bytes));
            writer.Flush();
            new MessagePackReader(buffer.WrittenSpan).ReadText().Bytes.ToArray().ShouldBe(bytes);
        }
    }

    [Fact]
    public void ReadText_Utf8AsBin_IsRefused() =>
        Should.Throw<WireFormatException>(() => new MessagePackReader([0xc4, 0x01, 0x61]).ReadText());

    [Fact]
    public void ReadUuid_OtherExtension_IsRefused()
    {
        byte[] bytes = [0xd8, 0x03, .. new byte[16]];
        Should.Throw<WireFormatException>(() => new MessagePackReader(bytes).ReadUuid());
        bytes[1] = 2;
        new MessagePackReader(bytes).ReadUuid().ShouldBe(Guid.Empty);
    }

    [Fact]
    public void Error_HasTheOffsetInTheLargerWhole()
    {
        var error = Should.Throw<WireFormatException>(() =>
        {
            var reader = new MessagePackReader([0x01, 0xc1], origin: 100);
            reader.ReadUInt64();
            reader.ReadUInt64();
        });
        error.Offset.ShouldBe(101);
    }

    private static bool IsSkipped(byte[] bytes)
    {
        try
        {
            var reader = new MessagePackReader(bytes);
            reader.Skip();
            return reader.End;
        }
        catch (WireFormatException)
        {
            return false;
        }
    }
}
