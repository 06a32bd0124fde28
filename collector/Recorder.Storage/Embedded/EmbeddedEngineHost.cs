using System.Globalization;

namespace Recorder.Storage;

/// <summary>
/// The child process's side of <see cref="EmbeddedStore"/>. The engine runs on a thread of its own as one command line: open the
/// HTTP listener, then a query that never ends by itself; ending that query ends the engine.
/// </summary>
public static class EmbeddedEngineHost
{
    internal const int Stopped = 0;
    internal const int BadArguments = 2;
    internal const int DirectoryInUse = 3;
    internal const int EngineFailed = 4;

    private const int StackBytes = 16 << 20;

    // An engine whose collector was killed needs a moment to see its standard input end.
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Runs the engine until standard input ends. Arguments: <c>[store] --data DIR --http-port N [--library FILE]</c>.
    /// </summary>
    /// <returns>The process's exit code: 0 stopped, 2 bad arguments, 3 the directory is in use, 4 the engine failed.</returns>
    public static int Run(string[] args)
    {
        if (!EngineArguments.TryParse(args, out EngineArguments? arguments, out string? problem))
            return Fail(BadArguments, problem);
        try
        {
            StoreLayout layout = StoreLayout.In(arguments.Data);
            layout.Create();
            using FileStream? held = TakeLock(layout.Lock);
            if (held is null) return Fail(DirectoryInUse, $"{layout.Root} is in use by another engine.");
            return RunLocked(arguments, layout);
        }
        catch (StoreException failure)
        {
            return Fail(EngineFailed, failure.Message);
        }
    }

    private static int RunLocked(EngineArguments arguments, StoreLayout layout)
    {
        StoreCredentials credentials = StoreCredentials.LoadOrCreate(layout.Credentials);
        if (!File.Exists(layout.Configuration))
            EngineConfiguration.Write(layout, credentials, EngineConfiguration.DefaultMemory());
        EngineLibrary.Load(EngineLibrary.Find(arguments.Library));

        string tag = "recorder-engine-" + Guid.NewGuid().ToString("N");
        Task<string?> engine = StartEngine(CommandLine(arguments.HttpPort, layout, tag));
        Task input = Task.Run(WaitForInputEnd);
        if (Task.WaitAny(engine, input) == 0) return Fail(EngineFailed, "The engine ended: " + (engine.Result ?? "no reason given"));
        EndQuery(arguments.HttpPort, credentials, tag);
        return engine.Wait(StopPatience) ? Stopped : Fail(EngineFailed, $"The engine did not stop within {StopPatience}.");
    }

    private static string[] CommandLine(int port, StoreLayout layout, string tag) =>
    [
        "clickhouse",
        "--path=" + layout.Engine,
        "--config-file=" + layout.Configuration,
        "--http_port=" + port.ToString(CultureInfo.InvariantCulture),
        "--listen_host=127.0.0.1",
        "--query=SYSTEM START LISTEN HTTP; SELECT count() FROM numbers(4000000000) WHERE sleepEachRow(1) "
            + $"SETTINGS max_block_size = 1, max_threads = 1, max_execution_time = 0 /* {tag} */ FORMAT Null",
    ];

    private static Task<string?> StartEngine(string[] commandLine)
    {
        var ended = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => ended.SetResult(EngineLibrary.RunCommandLine(commandLine)), StackBytes)
        {
            IsBackground = true,
            Name = "engine",
        };
        thread.Start();
        return ended.Task;
    }

    private static void WaitForInputEnd()
    {
        Span<byte> buffer = stackalloc byte[256];
        using Stream input = Console.OpenStandardInput();
        while (input.Read(buffer) > 0)
        {
        }
    }

    private static void EndQuery(int port, StoreCredentials credentials, string tag)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        // The engine's teardown waits for open connections; so this one is not kept.
        http.DefaultRequestHeaders.ConnectionClose = true;
        http.DefaultRequestHeaders.Add("X-ClickHouse-User", EngineConfiguration.Supervisor);
        http.DefaultRequestHeaders.Add("X-ClickHouse-Key", credentials.Supervisor);
        using var statement = new StringContent(
            $"KILL QUERY WHERE query LIKE '%/* {tag} */%' AND query_kind = 'Select' AND user != '{EngineConfiguration.Supervisor}' ASYNC FORMAT Null");
        try
        {
            using HttpResponseMessage answer =
                http.PostAsync(new Uri($"http://127.0.0.1:{port}/"), statement).GetAwaiter().GetResult();
            if (!answer.IsSuccessStatusCode) Console.Error.WriteLine($"store: stopping the engine was answered {(int)answer.StatusCode}");
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            Console.Error.WriteLine("store: the engine can't be asked to stop: " + failure.Message);
        }
    }

    private static FileStream? TakeLock(string path)
    {
        long deadline = Environment.TickCount64 + (long)LockPatience.TotalMilliseconds;
        for (; ; )
        {
            try
            {
                // FileShare.None is an exclusive flock, which the kernel drops with the process.
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Environment.TickCount64 < deadline)
            {
                Thread.Sleep(100);
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    private static int Fail(int code, string? message)
    {
        Console.Error.WriteLine("store: " + message);
        return code;
    }
}
