using System.Security.Cryptography;
using Recorder.Testing;

namespace Recorder.Integration.Tests;

public sealed class PipeSessionTests(RecorderFixture fixture) : RecorderTests(fixture)
{
    [Fact]
    public async Task Exec_OutAndErr_AreRecordedApartWithExitCode()
    {
        string mark = Mark();
        ShellResult client = await ExecAsync($"echo out-{mark}; echo err-{mark} >&2; exit 3");

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        client.ExitCode.ShouldBe(3);
        session.Kind.ShouldBe("exec");
        session.Tty.ShouldBeFalse();
        session.ExitCode.ShouldBe(3);
        session.Verdict.ShouldBe("COMPLETE", session.ToString());
        (await Recorder.StreamAsync(session, "out")).ShouldBe(client.Out);
        (await Recorder.StreamAsync(session, "err")).ShouldBe(client.Error);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(65537)]
    [InlineData(8_000_003)]
    public async Task Exec_BinaryInputThroughCat_IsIdenticalInAndOut(int length)
    {
        string mark = Mark();
        byte[] input = RandomNumberGenerator.GetBytes(length);
        ShellResult client = await ExecAsync($"echo go; cat; : {mark}", input);

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        client.Out.AsSpan(3).SequenceEqual(input).ShouldBeTrue();
        session.Verdict.ShouldBe("COMPLETE", session.ToString());
        Hash(await Recorder.StreamAsync(session, "in")).ShouldBe(Hash(input));
        Hash(await Recorder.StreamAsync(session, "out")).ShouldBe(Hash(client.Out));
    }

    [Fact]
    public async Task Exec_InputBeforeTheEntry_IsAGapOfExactLength()
    {
        string mark = Mark();
        byte[] input = RandomNumberGenerator.GetBytes(1000);
        ShellResult client = await Shell.RunAsync("runc", ["exec", "--detach", Container.Name, "sh", "-c", $"cat; : {mark}"], input);

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        client.Out.ShouldBe(input);
        (session.Bytes("in") + session.GapBytes("in")).ShouldBe(input.Length, session.ToString());
        session.Verdict.ShouldBe("GAPPED", session.ToString());
        (await Recorder.StreamAsync(session, "out")).ShouldBe(input);
    }

    [Fact]
    public async Task Exec_NothingWritten_IsCompleteAndEmpty()
    {
        string mark = Mark();
        await ExecAsync($": {mark}");

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        session.Verdict.ShouldBe("COMPLETE", session.ToString());
        session.Bytes("out").ShouldBe(0);
        session.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Exec_BothStreamsInOnePipe_StayOut()
    {
        string mark = Mark();
        ShellResult client = await Shell.RunAsync(
            "/bin/sh", ["-c", $"runc exec --detach {Container.Name} sh -c 'echo one; echo two >&2; : {mark}' 2>&1 | cat"]);

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        session.Verdict.ShouldBe("COMPLETE", session.ToString());
        (await Recorder.StreamAsync(session, "out")).ShouldBe(client.Out);
        session.Bytes("err").ShouldBe(0);
    }

    [Fact]
    public async Task Exec_KilledBySignal_NamesTheSignal()
    {
        string mark = Mark();
        await ExecAsync($": {mark}; kill -9 $$");

        RecordedSession session = await Recorder.EndedSessionAsync(mark);

        session.Json.GetProperty("signal").GetInt32().ShouldBe(9);
    }

    [Fact]
    public async Task Exec_ManyAtOnce_EachHasItsOwnBytes()
    {
        string mark = Mark();
        int[] numbers = [.. Enumerable.Range(0, 12)];
        ShellResult[] clients = await Task.WhenAll(numbers.Select(n => ExecAsync($"seq {n} {20_000 + n}; : {mark}-{n}-end")));

        foreach (int n in numbers)
        {
            RecordedSession session = await Recorder.EndedSessionAsync($"{mark}-{n}-end");
            session.Verdict.ShouldBe("COMPLETE", session.ToString());
            Hash(await Recorder.StreamAsync(session, "out")).ShouldBe(Hash(clients[n].Out));
        }
    }

    private static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));
}
