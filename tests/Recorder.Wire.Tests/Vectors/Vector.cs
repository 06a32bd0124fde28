using System.Text.Json.Nodes;

namespace Recorder.Wire.Tests;

/// <summary>A golden vector: bytes that must never change for their version, and what they say.</summary>
internal sealed record Vector(string Name, string Kind, byte[] Bytes, JsonArray Values)
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "vectors", "v1");

    public static IReadOnlyList<Vector> All() =>
        [.. Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal).Select(Read)];

    public static Vector Read(string path)
    {
        JsonNode description = JsonNode.Parse(File.ReadAllText(path))!;
        string hex = File.ReadAllText(Path.ChangeExtension(path, ".hex"));
        return new Vector(
            Path.GetFileNameWithoutExtension(path),
            description["kind"]!.GetValue<string>(),
            Convert.FromHexString(string.Concat(hex.Split('\n').Select(line => line.Trim()))),
            description["values"]!.DeepClone().AsArray());
    }

    /// <summary>Writes a new vector into the source tree. Existing ones are never changed.</summary>
    public static void Create(Sample sample)
    {
        string folder = Path.Combine(SourceRoot(), "tests", "vectors", "v1");
        string path = Path.Combine(folder, sample.Name + ".json");
        Directory.CreateDirectory(folder);
        if (File.Exists(path))
            return;
        byte[] bytes = sample.Encode();
        var description = new JsonObject
        {
            ["description"] = sample.Description,
            ["kind"] = sample.Kind,
            ["values"] = MessagePackJson.ReadAll(bytes),
        };
        File.WriteAllText(path, description.ToJsonString(new() { WriteIndented = true }) + "\n");
        IEnumerable<string> lines = Convert.ToHexStringLower(bytes).Chunk(64).Select(line => new string(line));
        File.WriteAllText(Path.ChangeExtension(path, ".hex"), string.Join('\n', lines) + "\n");
    }

    public static string SourceRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Recorder.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests do not run in the source tree.");
    }
}
