using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Recorder.Wire;

namespace Recorder.Storage.Tests;

public sealed class EmbeddedStoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_Twice_KeepsData()
    {
        using var directory = new TemporaryDirectory();
        Guid id = Guid.CreateVersion7();
        await using (EmbeddedStore engine = Engine.Create(directory.Path))
        {
            await using RecorderStore store = await RecorderStore.OpenAsync(await engine.StartAsync(Cancellation), Cancellation);
            await store.Writer.WriteAsync([new NodeLog().Session(id).Cut()], Cancellation);
        }
        await using EmbeddedStore again = Engine.Create(directory.Path);
        await using RecorderStore reopened = await RecorderStore.OpenAsync(await again.StartAsync(Cancellation), Cancellation);
        (await reopened.Sessions.GetAsync(id, Cancellation)).ShouldNotBeNull();
        again.Restarts.ShouldBe(0);
    }

    [Fact]
    public async Task Files_HoldingPasswords_AreForTheOwnerOnly()
    {
        using var directory = new TemporaryDirectory();
        await using EmbeddedStore engine = Engine.Create(directory.Path);
        StoreOptions options = await engine.StartAsync(Cancellation);
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        foreach (string name in new[] { "credentials", "users.xml", "config.xml" })
            File.GetUnixFileMode(Path.Combine(directory.Path, "store", name)).ShouldBe(owner, name);
        File.GetUnixFileMode(Path.Combine(directory.Path, "store")).ShouldBe(owner | UnixFileMode.UserExecute);
        File.ReadAllText(Path.Combine(directory.Path, "store", "config.xml")).ShouldNotContain(options.Password);
        File.ReadAllText(Path.Combine(directory.Path, "store", "users.xml")).ShouldNotContain(options.Password);
        File.ReadAllText($"/proc/{engine.ProcessId}/cmdline").ShouldNotContain(options.Password);
    }

    [Fact]
    public async Task SignIn_WrongPassword_IsAnAuthenticationError()
    {
        using var directory = new TemporaryDirectory();
        await using EmbeddedStore engine = Engine.Create(directory.Path);
        StoreOptions options = await engine.StartAsync(Cancellation);
        var failure = await Should.ThrowAsync<StoreException>(() => RecorderStore.OpenAsync(options with { Password = "wrong" }, Cancellation));
        (failure.Error, failure.IsTransient).ShouldBe((StoreError.Authentication, false));
        failure = await Should.ThrowAsync<StoreException>(() => RecorderStore.OpenAsync(options with { User = "nobody" }, Cancellation));
        failure.Error.ShouldBe(StoreError.Authentication);
    }

    [Fact]
    public async Task Users_MayNot_DoMoreThanTheyNeed()
    {
        using var directory = new TemporaryDirectory();
        await using EmbeddedStore engine = Engine.Create(directory.Path);
        StoreOptions writer = await engine.StartAsync(Cancellation);
        await using RecorderStore store = await RecorderStore.OpenAsync(writer, Cancellation);
        using (var reader = new ClickHouseClient(engine.ReaderOptions))
            await reader.ExecuteAsync("SELECT count() FROM v_sessions FORMAT Null", Cancellation);
        const string readFile = "SELECT * FROM file('/etc/passwd', 'LineAsString')";
        (StoreOptions User, string Statement)[] refused =
        [
            (writer, readFile), (writer, "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')"), (writer, "CREATE DATABASE other"),
            (writer, "SYSTEM STOP LISTEN HTTP"), (engine.ReaderOptions, "INSERT INTO recorder.schema_migrations (number) VALUES (1)"),
            (engine.ReaderOptions, "DROP TABLE recorder.frames"), (engine.ReaderOptions, readFile),
            (engine.ReaderOptions, "SELECT 1 SETTINGS max_execution_time = 0"),
            (writer with { User = "default", Password = "" }, "SELECT * FROM recorder.frames"),
            (writer with { User = "default", Password = "" }, readFile), (writer with { User = "default", Password = "" }, "KILL QUERY WHERE 1"),
        ];
        foreach (var (user, statement) in refused)
        {
            using var client = new ClickHouseClient(user);
            var failure = await Should.ThrowAsync<StoreException>(() => client.ExecuteAsync(statement, null, inDatabase: false, Cancellation), statement);
            failure.IsTransient.ShouldBeFalse(failure.Message);
        }
        engine.Restarts.ShouldBe(0);
    }

    [Fact]
    public async Task Start_DirectoryInUse_IsRefused()
    {
        using var directory = new TemporaryDirectory();
        await using EmbeddedStore first = Engine.Create(directory.Path);
        await first.StartAsync(Cancellation);
        var lockPatience = Engine.Options(directory.Path) with { StartTimeout = TimeSpan.FromSeconds(2) };
        await using var second = new EmbeddedStore(lockPatience, NullLogger<EmbeddedStore>.Instance);
        var failure = await Should.ThrowAsync<StoreException>(() => second.StartAsync(Cancellation));
        failure.Error.ShouldBe(StoreError.Engine);
        using var client = new ClickHouseClient(first.WriterOptions);
        await client.ExecuteAsync("SELECT 1", null, inDatabase: false, Cancellation);
    }

    [Fact]
    public async Task Start_LibraryMissing_SaysHowToGetIt()
    {
        using var directory = new TemporaryDirectory();
        var options = new EmbeddedStoreOptions { DataDirectory = directory.Path, Library = "/nowhere/libchdb.so" };
        await using var engine = new EmbeddedStore(options, NullLogger<EmbeddedStore>.Instance);
        var failure = await Should.ThrowAsync<StoreException>(() => engine.StartAsync(Cancellation));
        failure.Message.ShouldContain("/nowhere/libchdb.so");
        failure.Message.ShouldContain("LIBCHDB");
    }

    [Fact]
    public async Task Start_DirectoryNotWritable_SaysWhich()
    {
        await using var engine = new EmbeddedStore(Engine.Options("/proc/recorder"), NullLogger<EmbeddedStore>.Instance);
        var failure = await Should.ThrowAsync<StoreException>(() => engine.StartAsync(Cancellation));
        failure.Error.ShouldBe(StoreError.Engine);
        failure.Message.ShouldContain("/proc/recorder");
    }

    [Fact]
    public async Task Garbage_OnThePort_IsSurvivedByRestart()
    {
        using var directory = new TemporaryDirectory();
        await using EmbeddedStore engine = Engine.Create(directory.Path);
        await using RecorderStore store = await RecorderStore.OpenAsync(await engine.StartAsync(Cancellation), Cancellation);
        var node = new NodeLog();
        Guid id = Guid.CreateVersion7();
        await store.Writer.WriteAsync([node.Session(id).Cut()], Cancellation);
        for (int round = 0; round < 50 && engine.Restarts == 0; round++)
        {
            await SendGarbageAsync(engine.WriterOptions.Endpoint.Port);
            await Task.Delay(100, Cancellation);
        }
        engine.Restarts.ShouldBeGreaterThan(0, "the engine withstood; then it needs no child process");
        await store.Writer.WriteAsync([node.Data(id, StreamId.Out, 0, "after").Cut()], Cancellation);
        (await store.Sessions.GetAsync(id, Cancellation))!.Streams[1].Bytes.ShouldBe(5UL);
    }

    [Fact]
    public async Task Stop_WithIdleConnections_IsGraceful()
    {
        using var directory = new TemporaryDirectory();
        EmbeddedStore engine = Engine.Create(directory.Path);
        RecorderStore store = await RecorderStore.OpenAsync(await engine.StartAsync(Cancellation), Cancellation);
        using Process child = Process.GetProcessById(engine.ProcessId);
        await store.DisposeAsync();
        await engine.DisposeAsync();
        child.HasExited.ShouldBeTrue();
        File.ReadAllText(Path.Combine(directory.Path, "store", "log", "engine.log")).ShouldNotContain("did not stop");
    }

    [Theory]
    [InlineData(new string[0], 2)]
    [InlineData(new[] { "store", "--data" }, 2)]
    [InlineData(new[] { "store", "--data", "/tmp/x", "--http-port", "0" }, 2)]
    [InlineData(new[] { "--wat", "1" }, 2)]
    public void Run_BadArguments_IsRefused(string[] args, int code) => EmbeddedEngineHost.Run(args).ShouldBe(code);

    private static async Task SendGarbageAsync(int port)
    {
        try
        {
            using var socket = new TcpClient("127.0.0.1", port);
            await socket.GetStream().WriteAsync(Encoding.Latin1.GetBytes("garbage\r\n\r\n\0\xff"), Cancellation);
            await Task.Delay(50, Cancellation);
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            // It is down already.
        }
    }
}
