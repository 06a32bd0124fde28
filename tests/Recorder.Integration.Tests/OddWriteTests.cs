using System.Globalization;
using System.Security.Cryptography;
using Recorder.Testing;

namespace Recorder.Integration.Tests;

/// <summary>A runtime (runc --detach hands its pipes to the program as they are) that moves bytes with unusual system calls: captured where user memory is involved, else an exact GAP.</summary>
public sealed class OddWriteTests(RecorderFixture fixture) : RecorderTests(fixture)
{
    [Theory]
    [InlineData("write", 20_000_000, 4 << 20)]
    [InlineData("writev", 5_000_000, 300_000)]
    [InlineData("pwritev2", 5_000_000, 300_000)]
    [InlineData("direct", 2_000_000, 4096)]
    [InlineData("uring", 5_000_000, 65536)]
    public async Task Bytes_ThroughUserMemory_AreIdentical(string mode, int total, int chunk)
    {
        (RecordedSession session, byte[] sent) = await RunAsync(mode, total, chunk);

        session.Verdict.ShouldBe("COMPLETE", session.ToString());
        Hash(await Recorder.StreamAsync(session, "in")).ShouldBe(Hash(sent));
        Hash([.. (await Recorder.StreamAsync(session, "out")).Skip(1)]).ShouldBe(Hash(sent));
    }

    [Theory]
    [InlineData("splice", true)]
    [InlineData("vmsplice", false)]
    [InlineData("sendfile", false)]
    public async Task Bytes_ThatNeverPassUserMemory_AreAnExactGap(string mode, bool outToo)
    {
        const int Total = 3_000_000;
        (RecordedSession session, _) = await RunAsync(mode, Total, 65536);

        session.Verdict.ShouldBe("GAPPED", session.ToString());
        (session.Bytes("in") + session.GapBytes("in")).ShouldBe(Total);
        session.GapBytes("in").ShouldBe(Total);
        (session.Bytes("out") + session.GapBytes("out")).ShouldBe(Total + 1);
        session.GapBytes("out").ShouldBe(outToo ? Total : 0);
    }

    private static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));

    private async Task<(RecordedSession Session, byte[] Sent)> RunAsync(string mode, int total, int chunk)
    {
        string mark = Mark();
        string program = await Fixtures.CompileAsync("odd-runtime");
        string sent = Path.GetTempFileName();
        string got = Path.GetTempFileName();
        string[] arguments =
        [
            mode, total.ToString(CultureInfo.InvariantCulture), chunk.ToString(CultureInfo.InvariantCulture),
            "runc", "exec", "--detach", Container.Name, "sh", "-c", $"echo; cat; : {mark}",
        ];
        ShellResult client = await Shell.RunAsync(program, arguments, environment: new Dictionary<string, string> { ["ODD_SENT"] = sent, ["ODD_GOT"] = got });
        client.Succeeded().Text.ShouldContain("same 1");
        byte[] bytes = await File.ReadAllBytesAsync(sent);
        File.Delete(sent);
        File.Delete(got);
        return (await Recorder.EndedSessionAsync(mark), bytes);
    }
}
