using System.Globalization;
using System.Text.Json.Nodes;

namespace Recorder.Wire.Tests;

/// <summary>Any MessagePack value as JSON and back, by our reader and writer. The notation is that of conformance.py.</summary>
internal static class MessagePackJson
{
    public static JsonArray ReadAll(ReadOnlySpan<byte> bytes)
    {
        var values = new JsonArray();
        var reader = new MessagePackReader(bytes);
        while (!reader.End)
            values.Add(Read(ref reader));
        return values;
    }

    public static byte[] Write(JsonNode? value)
    {
        using var buffer = new PooledBuffer();
        var writer = new MessagePackWriter(buffer);
        Write(ref writer, value);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static JsonNode? Read(ref MessagePackReader reader)
    {
        switch (reader.PeekKind())
        {
            case MessagePackKind.Nil: reader.TryReadNil(); return null;
            case MessagePackKind.Boolean: return JsonValue.Create(reader.ReadBoolean());
            case MessagePackKind.Positive: return JsonValue.Create(reader.ReadUInt64());
            case MessagePackKind.Negative: return JsonValue.Create(reader.ReadInt64());
            case MessagePackKind.ShortFloat or MessagePackKind.LongFloat: return Float(reader.ReadDouble());
            case MessagePackKind.Utf8: return JsonValue.Create(reader.ReadString());
            case MessagePackKind.Binary: return Tagged("$bin", Convert.ToHexStringLower(reader.ReadBinary()));
            case MessagePackKind.Array: return ReadArray(ref reader);
            case MessagePackKind.Map: return ReadMap(ref reader);
            default:
                ReadOnlySpan<byte> bytes = reader.ReadExtension(out sbyte type);
                return Tagged("$ext", new JsonArray(JsonValue.Create((int)type), JsonValue.Create(Convert.ToHexStringLower(bytes))));
        }
    }

    private static JsonArray ReadArray(ref MessagePackReader reader)
    {
        var array = new JsonArray();
        for (int left = reader.ReadArrayHeader(); left > 0; left--)
            array.Add(Read(ref reader));
        return array;
    }

    private static JsonObject ReadMap(ref MessagePackReader reader)
    {
        var keys = new List<JsonNode?>();
        var values = new List<JsonNode?>();
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            keys.Add(Read(ref reader));
            values.Add(Read(ref reader));
        }

        var map = new JsonObject();
        if (keys.TrueForAll(key => key is JsonValue value && value.TryGetValue(out string? _)))
        {
            for (int i = 0; i < keys.Count; i++)
                map.Add(keys[i]!.GetValue<string>(), values[i]);
            return map;
        }

        return Tagged("$map", new JsonArray([.. keys.Zip(values, (key, value) => (JsonNode)new JsonArray(key, value))]));
    }

    private static void Write(ref MessagePackWriter writer, JsonNode? value)
    {
        switch (value)
        {
            case null: writer.WriteNil(); break;
            case JsonArray array: WriteArray(ref writer, array); break;
            case JsonObject map: WriteObject(ref writer, map); break;
            case JsonValue scalar: WriteScalar(ref writer, scalar); break;
        }
    }

    private static void WriteArray(ref MessagePackWriter writer, JsonArray array)
    {
        writer.WriteArrayHeader(array.Count);
        foreach (JsonNode? item in array)
            Write(ref writer, item);
    }

    private static void WriteScalar(ref MessagePackWriter writer, JsonValue value)
    {
        if (value.TryGetValue(out bool flag))
            writer.WriteBoolean(flag);
        else if (value.TryGetValue(out string? text))
            writer.WriteString(text);
        else if (value.TryGetValue(out ulong number))
            writer.WriteUInt64(number);
        else
            writer.WriteInt64(value.TryGetValue(out int small) ? small : value.GetValue<long>());
    }

    private static void WriteObject(ref MessagePackWriter writer, JsonObject map)
    {
        if (map.TryGetPropertyValue("$bin", out JsonNode? bytes))
            writer.WriteBinary(Convert.FromHexString(bytes!.GetValue<string>()));
        else if (map.TryGetPropertyValue("$ext", out JsonNode? ext))
            writer.WriteExtension((sbyte)ext![0]!.GetValue<int>(), Convert.FromHexString(ext[1]!.GetValue<string>()));
        else if (map.TryGetPropertyValue("$float", out JsonNode? bits))
            writer.WriteDouble(BitConverter.UInt64BitsToDouble(ulong.Parse(bits!.GetValue<string>(), NumberStyles.HexNumber, null)));
        else if (map.TryGetPropertyValue("$map", out JsonNode? pairs))
            WritePairs(ref writer, pairs!.AsArray());
        else
            WriteKeys(ref writer, map);
    }

    private static void WritePairs(ref MessagePackWriter writer, JsonArray pairs)
    {
        writer.WriteMapHeader(pairs.Count);
        foreach (JsonNode? pair in pairs)
        {
            Write(ref writer, pair![0]);
            Write(ref writer, pair[1]);
        }
    }

    private static void WriteKeys(ref MessagePackWriter writer, JsonObject map)
    {
        writer.WriteMapHeader(map.Count);
        foreach ((string key, JsonNode? value) in map)
        {
            writer.WriteString(key);
            Write(ref writer, value);
        }
    }

    private static JsonObject Float(double value) =>
        Tagged("$float", BitConverter.DoubleToUInt64Bits(value).ToString("x16", CultureInfo.InvariantCulture));

    private static JsonObject Tagged(string tag, JsonNode value) => new() { [tag] = value };
}
