using System.Collections;
using Recorder.Agent.Configuration;
using Recorder.Kernel;

namespace Recorder.Agent.Tests.Configuration;

public sealed class OptionsReaderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("recorder-options-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Read_NothingGiven_HasTheDocumentedDefaults()
    {
        AgentOptions options = Read();

        options.Collector.Port.ShouldBe(8471);
        options.RingBytes.ShouldBe(32 << 20);
        options.QueueBytes.ShouldBe(512 << 20);
        options.Capture.ShouldBe(CaptureMode.Lazy);
        options.OnStop.ShouldBe(StopAction.Keep);
        options.DrainTimeout.ShouldBe(TimeSpan.FromSeconds(10));
        options.MaskEchoOff.ShouldBeTrue();
        options.HostTerminals.ShouldBeFalse();
    }

    [Fact]
    public void Read_SeveralSources_TheLaterWins()
    {
        string file = WriteFile("ring-bytes: 1MiB\ncapture: strict\nqueue-bytes: 64MiB\n");

        AgentOptions options = Read(
            ["--config", file, "--ring-bytes", "4MiB"],
            ("RECORDER_RING_BYTES", "2MiB"), ("RECORDER_QUEUE_BYTES", "128 MiB"));

        options.RingBytes.ShouldBe(4 << 20);
        options.QueueBytes.ShouldBe(128 << 20);
        options.Capture.ShouldBe(CaptureMode.Strict);
    }

    [Fact]
    public void Read_DefaultFileExists_IsRead()
    {
        string file = WriteFile("kubelet:\n  url: https://127.0.0.1:10250\n  insecure-skip-verify: true\n");

        AgentOptions options = OptionsReader.Read(CommandLineReader.Read([]), new Hashtable(), file);

        options.Kubelet.Url.ShouldBe(new Uri("https://127.0.0.1:10250"));
        options.Kubelet.InsecureSkipVerify.ShouldBeTrue();
    }

    [Fact]
    public void Read_EmptyFile_IsNoError() => Read(["--config", WriteFile("# nothing yet\n")]).ShouldNotBeNull();

    [Theory]
    [InlineData("--ring-bytes=33", "ring-bytes: \"33\" (flag --ring-bytes) is not allowed; allowed: a power of two from 64 KiB to 1 GiB")]
    [InlineData("--ring-bytes=3MiB", "ring-bytes: \"3MiB\" (flag --ring-bytes) is not allowed; allowed: a power of two from 64 KiB to 1 GiB")]
    [InlineData("--capture=eager", "capture: \"eager\" (flag --capture) is not allowed; allowed: one of lazy, strict")]
    [InlineData("--capture=1", "capture: \"1\" (flag --capture) is not allowed; allowed: one of lazy, strict")]
    [InlineData("--record-probes=perhaps", "record-probes: \"perhaps\" (flag --record-probes) is not allowed; allowed: true or false")]
    [InlineData("--linger=2", "linger: \"2\" (flag --linger) is not allowed; allowed: a duration from 0ms to 1h")]
    [InlineData("--collector=localhost", "collector: \"localhost\" (flag --collector) is not allowed; allowed: HOST:PORT with a port from 1 to 65535; an IPv6 address in brackets")]
    [InlineData("--kubelet-url=ftp://x", "kubelet-url: \"ftp://x\" (flag --kubelet-url) is not allowed; allowed: an http or https URL")]
    [InlineData("--colector=x", "--colector: unknown flag; did you mean --collector?")]
    [InlineData("--frobnicate", "--frobnicate: unknown flag; see --help")]
    [InlineData("--state", "--state: a value is missing; allowed: a path")]
    [InlineData("stray", "\"stray\": unexpected argument; every setting is a flag, see --help")]
    public void Read_WrongFlag_NamesKeyValueAndWhatIsAllowed(string argument, string problem) =>
        Problems([argument]).ShouldBe([problem]);

    [Fact]
    public void Read_WrongValueInFile_NamesFileAndLine()
    {
        string file = WriteFile("state: /var/lib/recorder\nbatch-bytes: 9TB\n");

        Problems(["--config", file]).ShouldBe([$"batch-bytes: \"9TB\" ({file}:2) is not allowed; allowed: a size from 64 KiB to 4 MiB"]);
    }

    [Fact]
    public void Read_UnknownKeyInFile_SuggestsTheOneMeant()
    {
        string file = WriteFile("kubelet:\n  urll: https://x\nring_bytes: 1MiB\n");

        Problems(["--config", file]).ShouldBe(
        [
            $"kubelet-urll: unknown key ({file}:2); did you mean kubelet-url?",
            $"ring_bytes: unknown key ({file}:3); did you mean ring-bytes?",
        ]);
    }

    [Fact]
    public void Read_BrokenYaml_NamesTheLine()
    {
        string file = WriteFile("state: [\n");

        Problems(["--config", file]).ShouldHaveSingleItem().ShouldStartWith($"{file}:");
    }

    [Fact]
    public void Read_NamedFileMissing_IsAnError() =>
        Problems(["--config", Path.Combine(_directory, "none.yaml")]).ShouldHaveSingleItem().ShouldContain("can't be read");

    [Fact]
    public void Read_MisspeltVariable_SuggestsTheOneMeant() =>
        Problems([], ("RECORDER_RINGBYTES", "1MiB")).ShouldBe(["RECORDER_RINGBYTES: unknown environment variable; did you mean RECORDER_RING_BYTES?"]);

    [Fact]
    public void Read_VariablesThatKubernetesSets_AreLeftAlone() =>
        Read([], ("RECORDER_SERVICE_HOST", "10.96.0.7"), ("RECORDER_COLLECTOR_PORT_8471_TCP", "tcp://10.96.0.7:8471"), ("RECORDER_SERVER", "http://x"))
            .ShouldNotBeNull();

    [Theory]
    [InlineData("10.0.0.7:8471")]
    [InlineData("collector.example:8471")]
    [InlineData("[2001:db8::1]:8471")]
    public void Read_CollectorBeyondLoopback_IsRefusedUntilPlaintextIsAllowed(string collector)
    {
        Problems(["--collector", collector]).ShouldHaveSingleItem().ShouldContain("frames travel without encryption");

        Read(["--collector", collector, "--plaintext", "any"]).CollectorIsLoopback.ShouldBeFalse();
    }

    [Theory]
    [InlineData("127.0.0.1:1")]
    [InlineData("127.9.9.9:65535")]
    [InlineData("localhost:8471")]
    [InlineData("[::1]:8471")]
    public void Read_CollectorOnLoopback_IsAccepted(string collector) => Read(["--collector", collector]).CollectorIsLoopback.ShouldBeTrue();

    [Fact]
    public void Read_CertificateWithoutKey_IsRefused() =>
        Problems(["--kubelet-client-cert", "/x"]).ShouldBe(["kubelet-client-cert and kubelet-client-key: one is given without the other; allowed: both or none"]);

    [Fact]
    public void Read_SeveralMistakes_ReportsAll() => Problems(["--capture=x", "--nope", "--linger=y"]).Count.ShouldBe(3);

    [Fact]
    public void Read_RelativeState_IsMadeAbsolute() => Read(["--state", "somewhere/"]).State.ShouldBe(Path.Combine(Environment.CurrentDirectory, "somewhere"));

    [Theory]
    [InlineData("--host-terminals", true)]
    [InlineData("--host-terminals=false", false)]
    public void Read_Switch_StandsAloneOrTakesAValue(string argument, bool expected) => Read([argument]).HostTerminals.ShouldBe(expected);

    [Fact]
    public void Help_EverySetting_IsDocumentedWithItsDefault()
    {
        string help = HelpText.Write();

        foreach (Setting setting in AgentSettings.All)
            help.ShouldContain(setting.Flag);
        help.ShouldContain("[512 MiB]");
        help.Split('\n').ShouldAllBe(line => line.Length <= 120);
    }

    private static AgentOptions Read(string[]? arguments = null, params (string Name, string Value)[] environment)
    {
        Hashtable variables = [];
        foreach ((string name, string value) in environment)
            variables[name] = value;
        return OptionsReader.Read(CommandLineReader.Read(arguments ?? []), variables, "/nonexistent/agent.yaml");
    }

    private static IReadOnlyList<string> Problems(string[] arguments, params (string Name, string Value)[] environment) =>
        Should.Throw<ConfigurationException>(() => Read(arguments, environment)).Problems;

    private string WriteFile(string text)
    {
        string path = Path.Combine(_directory, Guid.NewGuid().ToString("N") + ".yaml");
        File.WriteAllText(path, text);
        return path;
    }
}
