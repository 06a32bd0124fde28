using System.Text.Json.Nodes;
using Recorder.Testing;

namespace Recorder.Integration.Tests;

/// <summary>Small programs and bundles that the tests need.</summary>
internal static class Fixtures
{
    /// <summary>Compiles tests/fixtures/NAME.c statically and gives the program's path.</summary>
    public static async Task<string> CompileAsync(string name)
    {
        string directory = Path.Combine(Executables.Root, "artifacts/fixtures");
        Directory.CreateDirectory(directory);
        string program = Path.Combine(directory, name);
        string source = Path.Combine(Executables.Root, "tests/fixtures", name + ".c");
        (await Shell.RunAsync("gcc", ["-O1", "-Wall", "-Werror", "-static", "-pthread", "-o", program, source])).Succeeded();
        return program;
    }

    /// <summary>A copy of a container's bundle with a changed specification.</summary>
    public static async Task<string> CopyBundleAsync(RuncContainer container, Action<JsonNode> change)
    {
        string bundle = Directory.CreateTempSubdirectory("recorder-bundle-").FullName;
        (await Shell.RunAsync("cp", ["-a", container.Bundle + "/.", bundle])).Succeeded();
        string path = Path.Combine(bundle, "config.json");
        JsonNode specification = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        change(specification);
        await File.WriteAllTextAsync(path, specification.ToJsonString());
        return bundle;
    }
}
