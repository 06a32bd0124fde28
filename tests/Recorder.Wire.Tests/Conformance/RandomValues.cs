using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Recorder.Wire.Tests;

/// <summary>
/// MessagePack values of every kind and width, in the notation of conformance.py. Extensions below 0 are MessagePack's own (python reads
/// them as what they mean, timestamps) and are left out.
/// </summary>
internal static class RandomValues
{
    private static readonly int[] Lengths = [0, 1, 2, 3, 4, 8, 15, 16, 17, 31, 32, 255, 256, 65_535, 65_536];

    /// <summary>Values on both sides of every border between two forms.</summary>
    public static IEnumerable<JsonNode?> Edges()
    {
        yield return null;
        yield return JsonValue.Create(true);
        yield return JsonValue.Create(false);
        for (int bits = 0; bits < 64; bits++)
        {
            ulong power = 1UL << bits;
            yield return JsonValue.Create(power - 1);
            yield return JsonValue.Create(power);
            yield return JsonValue.Create(power - 1 + power);
            yield return JsonValue.Create(-1L << bits);
            if (bits < 63)
                yield return JsonValue.Create((-1L << bits) - 1);
        }

        foreach (int length in Lengths)
        {
            yield return JsonValue.Create(new string('a', length));
            yield return Bytes("$bin", new byte[length]);
            if (length > 0)
                yield return Extension(127, new byte[length]);
            yield return new JsonArray([.. Enumerable.Repeat<JsonNode?>(null, length)]);
            yield return new JsonObject(Enumerable.Range(0, length).Select(i => KeyValuePair.Create<string, JsonNode?>($"{i}", null)));
        }

        foreach (double value in new[] { 0.0, -0.0, 1.5, double.MaxValue, double.Epsilon, double.PositiveInfinity, Math.PI })
            yield return Float(value);
        yield return JsonValue.Create("\0 é € 𐍈 \u2028 \uFFFD");
    }

    public static JsonNode? Next(Random random, int depth) => random.Next(depth > 0 ? 10 : 8) switch
    {
        0 => null,
        1 => JsonValue.Create(random.Next(2) == 0),
        2 => JsonValue.Create((ulong)random.NextInt64() >> random.Next(64)),
        3 => JsonValue.Create(-1 - (random.NextInt64() >> random.Next(63))),
        4 => Float(random.NextDouble() * Math.Pow(10, random.Next(-30, 30))),
        5 => JsonValue.Create(NextText(random)),
        6 => Bytes("$bin", NextBytes(random, 300)),
        7 => Extension(random.Next(128), NextBytes(random, 40) is { Length: > 0 } bytes ? bytes : [7]),
        8 => new JsonArray([.. Enumerable.Range(0, random.Next(20)).Select(_ => Next(random, depth - 1))]),
        _ => new JsonObject(
            Enumerable.Range(0, random.Next(20)).Select(i => KeyValuePair.Create($"{i}{NextText(random)}", Next(random, depth - 1)))),
    };

    private static string NextText(Random random)
    {
        var text = new StringBuilder();
        for (int left = random.Next(50); left > 0; left--)
        {
            int rune = random.Next(4) switch { 0 => random.Next(0x10000, 0x110000), 1 => random.Next(0x80, 0xd800), _ => random.Next(0x80) };
            text.Append(new Rune(rune));
        }

        return text.ToString();
    }

    private static byte[] NextBytes(Random random, int limit)
    {
        byte[] bytes = new byte[random.Next(limit)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static JsonObject Bytes(string tag, byte[] bytes) => new() { [tag] = Convert.ToHexStringLower(bytes) };

    private static JsonObject Extension(int type, byte[] bytes) => new() { ["$ext"] = new JsonArray(type, Convert.ToHexStringLower(bytes)) };

    private static JsonObject Float(double value) =>
        new() { ["$float"] = BitConverter.DoubleToUInt64Bits(value).ToString("x16", CultureInfo.InvariantCulture) };
}
