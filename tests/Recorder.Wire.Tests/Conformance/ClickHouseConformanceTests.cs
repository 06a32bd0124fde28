using System.Text;
using System.Text.Json.Nodes;

namespace Recorder.Wire.Tests;

/// <summary>Flat rows in ClickHouse's MsgPack format: the values of our frames as its reader and writer have them.</summary>
public sealed class ClickHouseConformanceTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "vectors");
    private static readonly JsonNode Description = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "clickhouse-msgpack.json")))!;
    private static readonly string Hex = File.ReadAllText(Path.Combine(Folder, "clickhouse-msgpack.hex")).ReplaceLineEndings("");

    [Fact]
    public void Rows_WrittenByUs_AreTheVector() => Convert.ToHexStringLower(WriteRows()).ShouldBe(Hex);

    [Fact]
    public void Rows_ReadByTheEngine_AreWhatWeWrote()
    {
        string query = $"SELECT * REPLACE (hex(data) AS data, arrayMap(a -> hex(a), argv) AS argv) FROM format(MsgPack, '{Structure()}', unhex('{Hex}'))"
            + " SETTINGS output_format_json_quote_64bit_integers = 1";
        byte[] answer = ClickHouseEngine.Query(ClickHouseEngine.Library(), "JSONEachRow", query);
        string[] rows = Encoding.UTF8.GetString(answer).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        rows.Select(Canonical).ShouldBe(Description["rows"]!.AsArray().Select(row => Canonical(row!.ToJsonString())));
    }

    [Fact]
    public void Rows_WrittenByTheEngine_AreReadByUsAsTheSameValues()
    {
        string query = $"SELECT * FROM format(MsgPack, '{Structure()}', unhex('{Hex}')) SETTINGS output_format_msgpack_uuid_representation = 'ext'";
        byte[] answer = ClickHouseEngine.Query(ClickHouseEngine.Library(), "MsgPack", query);
        // The engine has one type for text and bytes, and none for true and false: bin, 0 and 1.
        Plain(MessagePackJson.ReadAll(answer)).ShouldBe(Plain(MessagePackJson.ReadAll(Convert.FromHexString(Hex))));
    }

    private static string Structure() => Description["structure"]!.GetValue<string>().Replace("'", "\\'", StringComparison.Ordinal);

    private static string Canonical(string json) => JsonNode.Parse(json)!.ToJsonString();

    private static string Plain(JsonNode? node) => node switch
    {
        JsonObject map when map.TryGetPropertyValue("$bin", out JsonNode? hex) => $"\"{hex!.GetValue<string>()}\"",
        JsonObject map when map.TryGetPropertyValue("$map", out JsonNode? pairs) =>
            "{" + string.Join(',', pairs!.AsArray().Select(pair => Plain(pair![0]) + ":" + Plain(pair[1]))) + "}",
        JsonObject map when !map.ContainsKey("$ext") =>
            "{" + string.Join(',', map.Select(pair => $"\"{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(pair.Key))}\":{Plain(pair.Value)}")) + "}",
        JsonArray array => "[" + string.Join(',', array.Select(Plain)) + "]",
        JsonValue value when value.TryGetValue(out string? text) => $"\"{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text))}\"",
        JsonValue value when value.TryGetValue(out bool flag) => flag ? "1" : "0",
        _ => node?.ToJsonString() ?? "null",
    };

    private static byte[] WriteRows()
    {
        using var buffer = new PooledBuffer();
        var writer = new MessagePackWriter(buffer);
        Row(ref writer, FrameSamples.Session, 1, 0, "$ id\r\n"u8, "sh", null, true, ["sh", "-c"], 7);
        Row(ref writer, Guid.AllBitsSet, ulong.MaxValue, 5_000_000_000, [0x00, 0xff, 0xfe], "grüezi", -9, false, [], ulong.MaxValue);
        Row(ref writer, Guid.Empty, 300, 65_536, new byte[300], new string('x', 300), int.MinValue, false, [Text.FromBytes([0xff])], 0);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void Row(
        ref MessagePackWriter writer, Guid id, ulong seq, ulong offset, ReadOnlySpan<byte> data, string name, int? code, bool late, Text[] argv, ulong count)
    {
        writer.WriteUuid(id);
        writer.WriteUInt64(seq);
        writer.WriteInt64(1_700_000_000_123_456_789);
        writer.WriteUInt64((byte)StreamId.Out);
        writer.WriteUInt64(offset);
        writer.WriteBinary(data);
        writer.WriteString(name);
        if (code is { } value)
            writer.WriteInt64(value);
        else
            writer.WriteNil();
        writer.WriteBoolean(late);
        writer.WriteArrayHeader(argv.Length);
        foreach (Text argument in argv)
            writer.WriteText(argument);
        writer.WriteMapHeader(1);
        writer.WriteString("events");
        writer.WriteUInt64(count);
    }
}
