using System.Text;
using System.Text.Json;
using Recorder.Cli.Tests.Fixtures;

namespace Recorder.Cli.Tests.Export;

public sealed class AsciicastTests
{
    private const string Id = "019a9f31-22c4-7000-8000-000000000001";

    [Fact]
    public async Task V2_Golden() => Encoding.UTF8.GetString(await ExportAsync(Terminal(), "asciicast-v2")).ShouldBe(
        """
        {"version":2,"width":80,"height":24,"timestamp":1795204800,"duration":2.5,"command":"sh -c 'echo hello'","title":"sh -c 'echo hello' in shop/web/app","env":{"RECORDER_SESSION":"019a9f31-22c4-7000-8000-000000000001","RECORDER_VERDICT":"COMPLETE"}}
        [0,"m","sh -c 'a␛b'"]
        [0.25,"o","\u001b[1mhé"]
        [0.5,"o","雛l�o\r\n"]
        [1.000001,"r","100x30"]
        [1.5,"m","gap in out: 5 bytes, RING_FULL"]
        [2,"o","\u001b]0;t\u0007bye\u202e"]
        [2.5,"o","�"]

        """);

    [Fact]
    public async Task V3_Golden() => Encoding.UTF8.GetString(await ExportAsync(Terminal(), "asciicast-v3")).ShouldBe(
        """
        {"version":3,"term":{"cols":80,"rows":24},"timestamp":1795204800,"command":"sh -c 'echo hello'","title":"sh -c 'echo hello' in shop/web/app","env":{"RECORDER_SESSION":"019a9f31-22c4-7000-8000-000000000001","RECORDER_VERDICT":"COMPLETE"}}
        [0,"m","sh -c 'a␛b'"]
        [0.25,"o","\u001b[1mhé"]
        [0.25,"o","雛l�o\r\n"]
        [0.500001,"r","100x30"]
        [0.499999,"m","gap in out: 5 bytes, RING_FULL"]
        [0.5,"o","\u001b]0;t\u0007bye\u202e"]
        [0.5,"o","�"]
        [0,"x","3"]

        """);

    [Fact]
    public async Task Safe_LeavesOutWhatPlayDoes()
    {
        string text = Encoding.UTF8.GetString(await ExportAsync(Terminal(), "asciicast-v2", "--safe"));

        text.ShouldNotContain("]0;t");
        text.ShouldContain("[2,\"o\",\"bye");
    }

    [Fact]
    public async Task Input_WhenAskedFor_BecomesInputEvents()
    {
        FixtureSession session = new FixtureSession(Id).Data(0, "in", "ls\r"u8).Data(0.1, "out", "ls\r\n"u8);

        string[] lines = Encoding.UTF8.GetString(await ExportAsync(session, "asciicast-v2", "--stream", "in,out")).TrimEnd('\n').Split('\n');

        lines[1..].ShouldBe(["""[0,"i","ls\r"]""", """[0.1,"o","ls\r\n"]"""]);
    }

    [Fact]
    public async Task NoTerminal_BothStreamsAndCarriageReturns()
    {
        FixtureSession session = new FixtureSession(Id, tty: false).Data(0, "out", "a\n"u8).Data(0.1, "err", "b\r\nc\r"u8).Data(0.2, "err", "\nd\n"u8);

        string[] lines = Encoding.UTF8.GetString(await ExportAsync(session, "asciicast-v2")).TrimEnd('\n').Split('\n');

        lines[1..].ShouldBe(["""[0,"o","a\r\n"]""", """[0.1,"o","b\r\nc\r"]""", """[0.2,"o","\nd\r\n"]"""]);
    }

    [Fact]
    public async Task EverySplit_OfACharacter_GivesTheSameText()
    {
        byte[] text = Encoding.UTF8.GetBytes("é雛🙂é");
        for (int at = 0; at <= text.Length; at++)
        {
            var session = new FixtureSession(Id);
            session.Data(0, "out", text.AsSpan(0, at)).Data(1, "out", text.AsSpan(at));

            (await OutputAsync(session)).ShouldBe("é雛🙂é");
        }
    }

    [Fact]
    public async Task RandomBytes_GiveValidJsonAndWhatADecoderGives()
    {
        var random = new Random(4);
        byte[] bytes = new byte[20_000];
        random.NextBytes(bytes);
        var session = new FixtureSession(Id);
        for (int at = 0; at < bytes.Length;)
        {
            int length = Math.Min(random.Next(1, 400), bytes.Length - at);
            session.Data(at / 1000.0, "out", bytes.AsSpan(at, length));
            at += length;
        }

        (await OutputAsync(session)).ShouldBe(Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public async Task TimesThatGoBack_NeverFall()
    {
        FixtureSession session = new FixtureSession(Id).Data(-1, "out", "a"u8).Data(1, "out", "b"u8).Data(0.5, "out", "c"u8);

        string[] lines = Encoding.UTF8.GetString(await ExportAsync(session, "asciicast-v2")).TrimEnd('\n').Split('\n');

        lines[1..].ShouldBe(["""[0,"o","a"]""", """[1,"o","b"]""", """[1,"o","c"]"""]);
    }

    [Fact]
    public async Task ConnectionThatBreaks_LosesAndRepeatsNothing()
    {
        var session = new FixtureSession(Id);
        for (int i = 0; i < 50; i++)
            session.Data(i / 10, "out", Encoding.ASCII.GetBytes($"{i} "));
        await using var collector = new FixtureCollector { Break = (7, 3) };
        collector.Sessions.Add(session);

        RecorderResult result = await RecorderProcess.RunAsync(collector, "export", Id, "--format", "json", "--stream", "out");

        result.ExitCode.ShouldBe(0, result.Error);
        string[] lines = result.Text.TrimEnd('\n').Split('\n');
        lines.Length.ShouldBe(52);
        lines[^1].ShouldBe("""{"type":"end","frames":50}""");
        lines[1..^1].Select(line => JsonDocument.Parse(line).RootElement.GetProperty("seq").GetInt32()).ShouldBe(Enumerable.Range(1, 50));
    }

    [Fact]
    public async Task Output_ToAFile_IsPrivateAndNeverHalf()
    {
        string path = Path.Combine(Path.GetTempPath(), $"recorder-{Guid.NewGuid():n}.cast");
        await using var collector = new FixtureCollector();
        collector.Sessions.Add(Terminal());
        try
        {
            RecorderResult whole = await RecorderProcess.RunAsync(collector, "export", Id, "--format", "asciicast-v2", "-o", path);
            whole.ExitCode.ShouldBe(0, whole.Error);
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            byte[] before = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);

            collector.Break = (0, 1000);
            RecorderResult broken = await RecorderProcess.RunAsync(collector, "export", Id, "--format", "asciicast-v2", "-o", path);

            broken.ExitCode.ShouldBe(2);
            broken.Error.ShouldContain("broke off");
            (await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).ShouldBe(before);
            File.Exists(path + ".partial").ShouldBeFalse();
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static FixtureSession Terminal() => new FixtureSession(Id)
        .Exec(0, "sh", "-c", "a\u001bb")
        .Data(0.25, "out", [.. "\e[1mhé"u8, 0xE9, 0x9B])
        .Data(0.5, "out", [0x9B, .. "l"u8, 0xFF, .. "o\r\n"u8])
        .Resize(1.000001, 100, 30)
        .Gap(1.5, "out", 5)
        .Data(2, "out", [.. "\e]0;t\abye\u202e"u8, 0xE2, 0x82])
        .End(2.5, 3);

    private static async Task<string> OutputAsync(FixtureSession session)
    {
        string[] lines = Encoding.UTF8.GetString(await ExportAsync(session, "asciicast-v2")).TrimEnd('\n').Split('\n');
        return string.Concat(lines.Skip(1).Select(line => JsonDocument.Parse(line).RootElement[2].GetString()));
    }

    private static async Task<byte[]> ExportAsync(FixtureSession session, string format, params string[] more)
    {
        await using var collector = new FixtureCollector();
        collector.Sessions.Add(session);
        RecorderResult result = await RecorderProcess.RunAsync(collector, ["export", Id, "--format", format, .. more]);
        result.ExitCode.ShouldBe(0, result.Error);
        return result.Output;
    }
}
