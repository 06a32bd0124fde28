using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;

namespace Recorder.Kernel.Tests;

/// <summary>A container made by runc alone, with busybox in it, that sleeps until the test ends.</summary>
internal sealed class RuncContainer : IDisposable
{
    private const string Runc = "/usr/sbin/runc";
    private const string Busybox = "/usr/bin/busybox";

    private readonly string _directory;

    public RuncContainer()
    {
        KernelAccess.Require();
        if (!File.Exists(Runc) || !File.Exists(Busybox))
            Assert.Skip("needs runc and a static busybox");
        Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        _directory = Directory.CreateTempSubdirectory("recorder-runc-").FullName;
        string bin = Directory.CreateDirectory(Path.Combine(_directory, "rootfs", "bin")).FullName;
        File.Copy(Busybox, Path.Combine(bin, "busybox"));
        foreach (string applet in (string[])["sh", "sleep", "seq", "cat", "head", "true"])
            File.CreateSymbolicLink(Path.Combine(bin, applet), "busybox");
        File.WriteAllText(Path.Combine(_directory, "config.json"), Config());
        Start();
    }

    /// <summary>64 hex digits.</summary>
    public string Id { get; }

    /// <summary>runc exec with piped descriptors.</summary>
    public Process Exec(params string[] command)
    {
        var info = new ProcessStartInfo(Runc, [.. Globals, "exec", Id, .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(info)!;
    }

    public void Dispose()
    {
        using var delete = Process.Start(new ProcessStartInfo(Runc, [.. Globals, "delete", "--force", Id]))!;
        delete.WaitForExit();
        Directory.Delete(_directory, recursive: true);
    }

    private string[] Globals => ["--root", Path.Combine(_directory, "state")];

    // No pipes: the container would keep them open for as long as it sleeps.
    private void Start()
    {
        using var run = Process.Start(new ProcessStartInfo(
            "/bin/sh", ["-c", $"exec {Runc} --root {_directory}/state run --detach --bundle {_directory} {Id} </dev/null >/dev/null 2>{_directory}/error"]))!;
        run.WaitForExit();
        if (run.ExitCode != 0)
            Assert.Skip("runc can't run a container here: " + File.ReadAllText(Path.Combine(_directory, "error")));
    }

    private string Config() => JsonSerializer.Serialize(new
    {
        ociVersion = "1.0.2",
        process = new { terminal = false, user = new { uid = 0, gid = 0 }, args = (string[])["sleep", "3600"], env = (string[])["PATH=/bin"], cwd = "/" },
        root = new { path = "rootfs" },
        mounts = (object[])[new { destination = "/proc", type = "proc", source = "proc" }],
        linux = new
        {
            cgroupsPath = "/recorder-kernel-tests/" + Id,
            namespaces = (object[])[new { type = "pid" }, new { type = "mount" }, new { type = "ipc" }, new { type = "uts" }],
        },
    });
}
