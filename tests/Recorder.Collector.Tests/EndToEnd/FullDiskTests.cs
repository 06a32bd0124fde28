using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Recorder.Collector.Tests.Fixtures;
using Recorder.Wire;

namespace Recorder.Collector.Tests.EndToEnd;

/// <summary>A store on a file system of its own, that gets full. Needs the right to mount.</summary>
public sealed class FullDiskTests
{
    private const int PieceBytes = 250_000;
    private const int BatchesAtMost = 400;

    [Fact]
    public async Task FullDisk_MeansNoAcknowledgement_UntilThereIsRoom()
    {
        CollectorProcess.Library();
        using var data = new DataDirectory();
        Assert.SkipUnless(Mount("-t", "tmpfs", "-o", "size=64m", "recorder-test", data.Path), "a tmpfs can't be mounted: not root");
        try
        {
            await FillAndDrainAsync(data);
        }
        finally
        {
            Run("/bin/umount", "-l", data.Path);
        }
    }

    private static async Task FillAndDrainAsync(DataDirectory data)
    {
        await using var collector = await CollectorProcess.StartAsync(data.Path);
        using var node = new SimulatedNode();
        using var http = new HttpClient { BaseAddress = collector.Api };
        var session = Guid.CreateVersion7();
        var (agent, _) = await AgentConnection.JoinAsync(collector.Ingest, node);
        await using var __ = agent;
        await agent.SendBatchAsync(node.Session(session).Cut());

        // Bytes that don't compress; sent one by one until the store can't take them.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ulong sent = 0;
        while (!collector.Output.Contains("the store does not work", StringComparison.Ordinal) && sent < BatchesAtMost)
        {
            byte[] bytes = RandomNumberGenerator.GetBytes(PieceBytes);
            hash.AppendData(bytes);
            await agent.SendBatchAsync(node.Data(session, StreamId.Out, sent++ * PieceBytes, bytes).Cut());
            if (collector.Output.Contains("the store does not work", StringComparison.Ordinal)) break;
            await Task.WhenAny(agent.AcknowledgedAsync(node.LastSeq), FailedAsync(collector));
        }

        sent.ShouldBeLessThan((ulong)BatchesAtMost);
        using (var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative), AgentConnection.Cancellation)) answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        Mount("-o", "remount,size=512m", data.Path).ShouldBeTrue();
        // The connection's reader may still wait for the acknowledgement from above: a new one asks where it stands.
        await UntilReadyAsync(http);
        await using var again = await ResumeAsync(collector, node);
        byte[] stored = await http.GetByteArrayAsync(new Uri($"/api/v1/sessions/{session}/streams/out", UriKind.Relative), AgentConnection.Cancellation);
        SHA256.HashData(stored).ShouldBe(hash.GetHashAndReset());
    }

    private static async Task<AgentConnection> ResumeAsync(CollectorProcess collector, SimulatedNode node)
    {
        for (int i = 0; i < 300; i++)
        {
            var (agent, welcome) = await AgentConnection.JoinAsync(collector.Ingest, node);
            if (welcome.Resume == node.LastSeq) return agent;
            await agent.DisposeAsync();
            await Task.Delay(100, AgentConnection.Cancellation);
        }

        throw new TimeoutException("what was sent did not become durable: " + collector.Output);
    }

    private static async Task FailedAsync(CollectorProcess collector)
    {
        while (!collector.Output.Contains("the store does not work", StringComparison.Ordinal)) await Task.Delay(20, AgentConnection.Cancellation);
    }

    private static async Task UntilReadyAsync(HttpClient http)
    {
        for (int i = 0; i < 300; i++)
        {
            using var answer = await http.GetAsync(new Uri("/readyz", UriKind.Relative), AgentConnection.Cancellation);
            if (answer.StatusCode == HttpStatusCode.OK) return;
            await Task.Delay(100, AgentConnection.Cancellation);
        }

        Assert.Fail("it did not recover");
    }

    private static bool Mount(params string[] arguments) => Run("/bin/mount", arguments);

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
