using System.Security.Cryptography;
using Recorder.Testing;
using static Recorder.Cluster.Tests.ClusterFixture;

namespace Recorder.Cluster.Tests;

public sealed class LargeOutputTests(ClusterFixture fixture) : ClusterTests(fixture)
{
    /// <summary>Far more than the ring (32 MiB) holds; the full 1 GB run is in docs/performance.md.</summary>
    [Fact]
    public async Task Exec_ManyTimesTheRing_IsIdentical()
    {
        const int Bytes = 600_000_000;
        string mark = Mark();
        string file = Path.Combine(Path.GetTempPath(), mark);
        string script = $"exec \"$1\" --namespace recorded exec web -- sh -c 'head -c {Bytes} /dev/urandom | tee /dev/stderr | sha256sum; : {mark}' 2>\"$2\"";
        ShellResult client = (await Shell.RunAsync("/bin/sh", ["-c", script, "sh", Kubectl, file], limit: TimeSpan.FromMinutes(10))).Succeeded();

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        string sent = await HashFileAsync(file);
        File.Delete(file);
        session.Verdict.ShouldBe("COMPLETE", session.ToString());
        session.Bytes("err").ShouldBe(Bytes);
        client.Text.ShouldStartWith(sent);
        (await Recorder.StreamAsync(session, "out")).ShouldBe(client.Out);
        string stored = Path.Combine(Path.GetTempPath(), mark + ".stored");
        await Shell.RunAsync("/bin/sh", ["-c", "exec \"$1\" --server \"$2\" export \"$3\" --format raw --stream err >\"$4\"", "sh", Executables.Cli, Recorder.Server, session.Id, stored]);
        (await HashFileAsync(stored)).ShouldBe(sent);
        File.Delete(stored);
    }

    private static async Task<string> HashFileAsync(string path)
    {
        await using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
    }
}
