using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Recorder.Testing;

/// <summary>A container of runc with a static busybox as its root file system and no stdin.</summary>
public sealed class RuncContainer : IAsyncDisposable
{
    private RuncContainer(string name) => Name = name;

    /// <summary>The bundle's directory.</summary>
    public string Bundle { get; } = Directory.CreateTempSubdirectory("recorder-bundle-").FullName;

    /// <summary>The container's id.</summary>
    public string Name { get; }

    /// <summary>The init's pid on the host.</summary>
    public int Pid { get; private set; }

    /// <summary>A name like a real runtime gives: 64 hexadecimal digits.</summary>
    public static string HexName() => Convert.ToHexStringLower(Guid.NewGuid().ToByteArray()) + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());

    /// <summary>Creates and starts a container that sleeps.</summary>
    public static async Task<RuncContainer> StartAsync(string name, string command = "sleep 100000", Action<JsonNode>? change = null)
    {
        var container = new RuncContainer(name);
        container.WriteRootFileSystem();
        (await Shell.RunAsync("runc", ["spec", "--bundle", container.Bundle])).Succeeded();
        container.EditSpecification(command, change);
        // runc's stdio is the container's: without files of its own the test's pipes would stay open with it.
        string script = "exec runc run --detach --bundle \"$1\" \"$2\" </dev/null >\"$1/log\" 2>&1";
        ShellResult run = await Shell.RunAsync("/bin/sh", ["-c", script, "sh", container.Bundle, name]);
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException("runc run: " + await File.ReadAllTextAsync(Path.Combine(container.Bundle, "log")));
        }

        using JsonDocument state = JsonDocument.Parse((await Shell.RunAsync("runc", ["state", name])).Succeeded().Out);
        container.Pid = state.RootElement.GetProperty("pid").GetInt32();
        return container;
    }

    /// <summary>Arguments of <c>runc</c> for an exec in it.</summary>
    public string[] Exec(bool tty, params string[] command) => ["exec", .. tty ? ["--tty"] : Array.Empty<string>(), Name, .. command];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Shell.RunAsync("runc", ["delete", "--force", Name]);
        Directory.Delete(Bundle, recursive: true);
    }

    private void WriteRootFileSystem()
    {
        string bin = Path.Combine(Bundle, "rootfs/bin");
        Directory.CreateDirectory(bin);
        foreach (string directory in new[] { "tmp", "etc", "root", "proc", "dev", "sys" })
        {
            Directory.CreateDirectory(Path.Combine(Bundle, "rootfs", directory));
        }

        File.Copy("/bin/busybox", Path.Combine(bin, "busybox"));
        string[] applets = ["sh", "cat", "echo", "ls", "sleep", "head", "seq", "sha256sum", "stty", "tee", "true", "false", "kill", "wc", "nc", "id", "dd", "env", "printf", "yes", "tr", "timeout"];
        foreach (string applet in applets)
        {
            File.CreateSymbolicLink(Path.Combine(bin, applet), "busybox");
        }

        File.WriteAllText(Path.Combine(Bundle, "rootfs/etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
    }

    private void EditSpecification(string command, Action<JsonNode>? change)
    {
        string path = Path.Combine(Bundle, "config.json");
        JsonNode specification = JsonNode.Parse(File.ReadAllText(path))!;
        specification["process"]!["terminal"] = false;
        specification["process"]!["args"] = new JsonArray(["sh", "-c", command]);
        specification["root"]!["readonly"] = false;
        specification["linux"]!["cgroupsPath"] = string.Create(CultureInfo.InvariantCulture, $"/recorder-test/{Name}");
        change?.Invoke(specification);
        File.WriteAllText(path, specification.ToJsonString());
    }
}
