using System.Text.Json.Nodes;

namespace Recorder.Wire.Tests;

public sealed class PythonConformanceTests
{
    [Fact]
    public void OurBytes_UnpackedByPython_AreTheSameValues()
    {
        using PythonMessagePack python = PythonMessagePack.Start();
        foreach (JsonNode? value in Values())
        {
            JsonArray unpacked = python.Unpack(MessagePackJson.Write(value));
            Canonical(unpacked[0]).ShouldBe(Canonical(value));
        }
    }

    [Fact]
    public void PythonsBytes_ReadByUs_AreTheSameValuesAndTheSameBytes()
    {
        using PythonMessagePack python = PythonMessagePack.Start();
        foreach (JsonNode? value in Values())
        {
            byte[] packed = python.Pack(value);
            Canonical(MessagePackJson.ReadAll(packed)[0]).ShouldBe(Canonical(value));
            Convert.ToHexStringLower(MessagePackJson.Write(value)).ShouldBe(Convert.ToHexStringLower(packed));
        }
    }

    [Fact]
    public void EveryVector_UnpackedByPython_IsItsDescription()
    {
        using PythonMessagePack python = PythonMessagePack.Start();
        foreach (Vector vector in Vector.All())
        {
            Canonical(python.Unpack(vector.Bytes)).ShouldBe(Canonical(vector.Values), vector.Name);
            byte[] packed = [.. vector.Values.SelectMany(python.Pack)];
            Convert.ToHexStringLower(packed).ShouldBe(Convert.ToHexStringLower(vector.Bytes), vector.Name);
        }
    }

    private static IEnumerable<JsonNode?> Values()
    {
        foreach (JsonNode? edge in RandomValues.Edges())
            yield return edge;
        var random = new Random(20260801);
        for (int i = 0; i < 400; i++)
            yield return RandomValues.Next(random, 5);
    }

    // One notation for both sides: parsed again, so that numbers and escapes look alike wherever they come from.
    private static string Canonical(JsonNode? value) => JsonNode.Parse(value?.ToJsonString() ?? "null")?.ToJsonString() ?? "null";
}
