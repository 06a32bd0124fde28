using System.Text.Json.Nodes;

namespace Recorder.Wire.Tests;

public sealed class FrameReaderTests
{
    private const string Subject = """{"$ext": [2, "0198a5f01c2d7e3f8a4b5c6d7e8f9a0b"]}""";

    [Theory]
    [InlineData("[]", RefuseCode.Malformed)]
    [InlineData("[2, 1, 0]", RefuseCode.Malformed)]
    [InlineData("[0, 1, 0, S]", RefuseCode.UnknownFrame)]
    [InlineData("[14, 1, 0, S, 1]", RefuseCode.UnknownFrame)]
    [InlineData("[127, 1, 0, S]", RefuseCode.UnknownFrame)]
    [InlineData("[256, 1, 0, S]", RefuseCode.Malformed)]
    [InlineData("[-1, 1, 0, S]", RefuseCode.Malformed)]
    [InlineData("[6, 0, 0, S, 80, 24]", RefuseCode.Malformed)]
    [InlineData("[6, 1, 0, S, 80]", RefuseCode.Malformed)]
    [InlineData("[6, 1, 0, \"s\", 80, 24]", RefuseCode.Malformed)]
    [InlineData("[6, 1, 0, S, 80, 65536]", RefuseCode.Malformed)]
    [InlineData("[2, 1, 0, S, 3, 0, 0, B]", RefuseCode.Malformed)]
    [InlineData("[2, 1, 0, S, 1, 0, 256, B]", RefuseCode.Malformed)]
    [InlineData("[2, 1, 0, S, 1, 0, 0, \"text\"]", RefuseCode.Malformed)]
    [InlineData("[2, 1, 0, S, 1, 0, 0, {\"$bin\": \"\"}]", RefuseCode.Malformed)]
    [InlineData("[2, 1, 0, S, 1, 18446744073709551615, 0, B]", RefuseCode.Malformed)]
    [InlineData("[3, 1, 0, S, 1, 0, 0, 1, 1, 0, 0]", RefuseCode.Malformed)]
    [InlineData("[3, 1, 0, S, 1, 0, 1, 0, 1, 0, 0]", RefuseCode.Malformed)]
    [InlineData("[3, 1, 0, S, 1, 0, 1, 11, 1, 0, 0]", RefuseCode.Malformed)]
    [InlineData("[3, 1, 0, S, 1, 0, 1, 1, 5, 0, 0]", RefuseCode.Malformed)]
    [InlineData("[4, 1, 0, S, 1, 0, 5]", RefuseCode.Malformed)]
    [InlineData("[5, 1, 0, S, 3, 0, null, 0]", RefuseCode.Malformed)]
    [InlineData("[10, 1, 0, S, 1, 1, 1, 2, 6, B, 80, 0]", RefuseCode.Malformed)]
    [InlineData("[1, 1, 0, S, {}]", RefuseCode.Malformed)]
    [InlineData("[1, 1, 0, S, {\"revision\": 1, \"kind\": \"exec\", \"depth\": \"full\"}]", RefuseCode.Malformed)]
    [InlineData("[8, 1, 0, S, {\"pid\": \"1\"}]", RefuseCode.Malformed)]
    [InlineData("[8, 1, 0, S, {\"$map\": [[\"pid\", 1], [\"pid\", 2]]}]", RefuseCode.Malformed)]
    [InlineData("[8, 1, 0, S, {\"$map\": [[1, 1]]}]", RefuseCode.Malformed)]
    public void Frame_ThatBreaksTheFormat_IsRefused(string json, string code)
    {
        byte[] bytes = Encode(json);
        Should.Throw<WireFormatException>(() => CheckAll(bytes)).Code.ShouldBe(code);
    }

    [Theory]
    [InlineData("[6, 1, 0, S, 80, 24, \"a later version's\", [1, 2]]")]
    [InlineData("[200, 1, 0, S]")]
    [InlineData("[255, 1, 0, S, {\"a\": []}, 1]")]
    [InlineData("[8, 1, 0, S, {\"pid\": 1, \"start\": 2, \"later\": {\"a\": [1]}, \"revision\": \"of another map\", \"exe\": null}]")]
    [InlineData("[8, 1, 0, S, {\"start\": 2, \"pid\": 1}]")]
    [InlineData("[8, 1, 0, S, {}]")]
    [InlineData("[13, 1, 0, S, {}]")]
    [InlineData("[12, 1, 0, S, {\"programs\": [[\"a\", \"b\", \"c\", 4]]}]")]
    public void Frame_WithMoreThanIsKnown_IsRead(string json) => CheckAll(Encode(json)).ShouldBe(1);

    [Fact]
    public void Frame_OfTheLargestSize_IsRead_AndOneByteMoreIsRefused()
    {
        int overhead = Opaque(new byte[100_000]).Length - 100_000;
        CheckAll(Opaque(new byte[WireLimits.Frame - overhead])).ShouldBe(1);
        Should.Throw<WireFormatException>(() => CheckAll(Opaque(new byte[WireLimits.Frame - overhead + 1]))).Code.ShouldBe(RefuseCode.FrameTooLarge);
    }

    [Fact]
    public void Data_OfTheLargestSize_IsRead_AndOneByteMoreIsRefused()
    {
        CheckAll(Data(WireLimits.Data)).ShouldBe(1);
        Should.Throw<WireFormatException>(() => CheckAll(Data(WireLimits.Data + 1)));
        Should.Throw<ArgumentOutOfRangeException>(() => WriteData(new byte[WireLimits.Data + 1]));
        Should.Throw<ArgumentOutOfRangeException>(() => WriteData([]));
    }

    [Theory]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public void Argv_OfManyStrings_UpToTheLimit(int count, bool accepted)
    {
        byte[] bytes = Encode($$"""[8, 1, 0, S, {"pid": 1, "start": 2, "argv": [{{string.Join(',', Enumerable.Repeat("\"\"", count))}}]}]""");
        if (accepted)
            CheckAll(bytes).ShouldBe(1);
        else
            Should.Throw<WireFormatException>(() => CheckAll(bytes));
    }

    [Fact]
    public void Frame_NestedAboveTheLimit_IsRefused()
    {
        string inside = new string('[', WireLimits.Nesting - 1) + new string(']', WireLimits.Nesting - 1);
        CheckAll(Encode($"[200, 1, 0, S, {inside}]")).ShouldBe(1);
        Should.Throw<WireFormatException>(() => CheckAll(Encode($"[200, 1, 0, S, [{inside}]]")));
    }

    private static byte[] Encode(string json) =>
        MessagePackJson.Write(JsonNode.Parse(json.Replace("S", Subject, StringComparison.Ordinal).Replace("B", """{"$bin": "61"}""", StringComparison.Ordinal)));

    private static int CheckAll(byte[] bytes)
    {
        int count = 0;
        foreach (Frame frame in new FrameReader(bytes))
        {
            frame.Check();
            count++;
        }

        return count;
    }

    private static byte[] Data(int length) =>
        MessagePackJson.Write(JsonNode.Parse($$"""[2, 1, 0, {{Subject}}, 1, 0, 0, {"$bin": "{{new string('0', 2 * length)}}"}]"""));

    private static byte[] Opaque(byte[] bytes)
    {
        using var buffer = new PooledBuffer();
        new OpaqueFrame((FrameType)200, 1, MessagePackJson.Write(new JsonObject { ["$bin"] = Convert.ToHexStringLower(bytes) })).Write(buffer, 1, 0, Guid.Empty);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteData(byte[] bytes)
    {
        using var buffer = new PooledBuffer();
        new DataFrame(StreamId.Out, 0, DataFlags.None, bytes).Write(buffer, 1, 0, Guid.Empty);
    }
}
