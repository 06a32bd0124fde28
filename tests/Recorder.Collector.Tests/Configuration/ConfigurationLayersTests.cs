using System.Collections;
using System.Net;
using Recorder.Collector.Configuration;

namespace Recorder.Collector.Tests.Configuration;

public sealed class ConfigurationLayersTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Defaults_WithoutAnything_AreTheDocumented()
    {
        var options = Resolve([]);
        options.Listen.ShouldBe(new IPEndPoint(IPAddress.Loopback, 8470));
        options.Ingest.ShouldBe(new IPEndPoint(IPAddress.Loopback, 8471));
        options.ClickHouse.ShouldBe(new IPEndPoint(IPAddress.Loopback, 8472));
        options.Store.ShouldBeNull();
    }

    [Fact]
    public void Layers_LaterWins()
    {
        File.WriteAllText(_file, "listen: 127.0.0.1:1\ncommit-mib: 2\nhosts: [one.example, two.example]\n");
        var options = Resolve(["--config", _file, "--commit-mib=4"], ("RECORDER_COMMIT_MIB", "3"), ("RECORDER_LISTEN", "127.0.0.1:2"));
        options.Listen.Port.ShouldBe(2);
        options.CommitBytes.ShouldBe(4 << 20);
        options.Hosts.ShouldBe(["one.example", "two.example"]);
    }

    [Fact]
    public void File_WithUnknownKey_NamesItAndTheKnown()
    {
        File.WriteAllText(_file, "data: /tmp\nlisten-on: 127.0.0.1:1\n");
        string message = Refusal(["--config", _file]);
        message.ShouldContain("listen-on");
        message.ShouldContain("line 2");
        message.ShouldContain("ingest-window-mib");
    }

    [Theory]
    [InlineData("[1, 2]")]
    [InlineData("data: {a: b}")]
    [InlineData("data: [")]
    public void File_OfAnotherShape_IsRefused(string text)
    {
        File.WriteAllText(_file, text);
        Refusal(["--config", _file]).ShouldContain(_file);
    }

    [Fact]
    public void File_Missing_IsRefused() => Refusal(["--config", "/nowhere/collector.yaml"]).ShouldContain("/nowhere/collector.yaml");

    [Theory]
    [InlineData("--listen", "localhost")]
    [InlineData("--listen", "1.2.3")]
    [InlineData("--listen", "127.0.0.1:70000")]
    [InlineData("--ingest", "0.0.0.0:8471")]
    [InlineData("--ingest", "192.168.0.1:8471")]
    [InlineData("--store", "ftp://host/")]
    [InlineData("--store", "http://host/a/b")]
    [InlineData("--store", "http://host/a?b=c")]
    [InlineData("--commit-mib", "0")]
    [InlineData("--commit-mib", "-1")]
    [InlineData("--commit-mib", "+1")]
    [InlineData("--log-level", "loud")]
    [InlineData("--hosts", "a b")]
    [InlineData("--store-password-file", "/nowhere")]
    public void Value_NotAllowed_IsNamedWithItsKeyAndWhatIs(string flag, string value)
    {
        string message = Refusal([flag, value]);
        message.ShouldStartWith(flag[2..] + ":");
        message.ShouldContain($"'{value}'");
        message.ShouldContain("allowed is");
    }

    [Fact]
    public void Password_InARefusedStore_IsNotShown()
    {
        string message = Refusal(["--store", "http://user:secret@host/a/b"]);
        message.ShouldNotContain("secret");
        message.ShouldContain("@host/a/b");
    }

    [Theory]
    [InlineData("--nonsense")]
    [InlineData("nonsense")]
    [InlineData("--listen")]
    public void Arguments_ThatAreWrong_AreRefused(string argument) => Refusal([argument]).ShouldContain(argument);

    [Fact]
    public void Window_AboveTheMemory_IsRefused() => Refusal(["--ingest-memory-mib", "32", "--ingest-window-mib", "64"]).ShouldContain("ingest-window-mib");

    [Theory]
    [InlineData("8470", "127.0.0.1:8470")]
    [InlineData("[::1]:9", "[::1]:9")]
    [InlineData("localhost:9", "127.0.0.1:9")]
    [InlineData("0.0.0.0", "0.0.0.0:8470")]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    public void Address_InEachForm_IsRead(string text, string expected) => Resolve(["--listen", text]).Listen.ToString().ShouldBe(expected);

    [Fact]
    public void Help_NamesEveryKey()
    {
        string usage = HelpText.Usage();
        foreach (var key in OptionKeys.All)
        {
            usage.ShouldContain(key.Flag);
            usage.ShouldContain(key.Variable);
        }
    }

    private static CollectorOptions Resolve(string[] args, params (string Name, string Value)[] environment)
    {
        IDictionary variables = environment.ToDictionary(pair => pair.Name, pair => pair.Value);
        return ConfigurationLayers.Resolve(CommandLine.Parse(args), variables, "/nowhere/collector.yaml");
    }

    private static string Refusal(string[] args) => Should.Throw<ConfigurationError>(() => Resolve(args)).Message;
}
