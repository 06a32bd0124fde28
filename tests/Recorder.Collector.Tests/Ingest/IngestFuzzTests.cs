using Recorder.Collector.Tests.Fixtures;
using Recorder.Wire;

namespace Recorder.Collector.Tests.Ingest;

/// <summary>Every byte of a real conversation is changed in turn; whatever happens, it stays in that connection.</summary>
public sealed class IngestFuzzTests
{
    private const int ConnectionsAtOnce = 16;

    [Fact]
    public async Task AnyChangedByte_IsRefusedOrHarmless_AndOthersGoOn()
    {
        await using var server = new IngestServer();
        using var witness = new SimulatedNode();
        await using var other = (await AgentConnection.JoinAsync(server.Address, witness)).Connection;
        using var node = new SimulatedNode();
        byte[] hello = AgentConnection.Encode(node.Hello());
        byte[] batch = AgentConnection.Encode(new BatchMessage(node.WholeSession(Guid.CreateVersion7(), "fuzz").Heartbeat(1).Cut()));
        byte[] conversation = [.. hello, .. batch];

        var options = new ParallelOptions { MaxDegreeOfParallelism = ConnectionsAtOnce, CancellationToken = AgentConnection.Cancellation };
        await Parallel.ForEachAsync(Enumerable.Range(0, conversation.Length), options, async (position, _) =>
        {
            byte[] changed = [.. conversation];
            changed[position] ^= (byte)(1 + (position * 37 % 255));
            await TalkAsync(server, changed);
        });

        await other.SendBatchAsync(witness.WholeSession(Guid.CreateVersion7(), "unharmed").Cut());
        await other.AcknowledgedAsync(witness.LastSeq);
        server.Memory.Held.ShouldBe(0);
        foreach (var stored in server.Store.Stored) Batch.Read(stored.Bytes).Hash.ShouldBe(stored.Hash);
    }

    [Fact]
    public async Task AnyCut_EndsTheConnection_AndStoresNothing()
    {
        await using var server = new IngestServer();
        using var node = new SimulatedNode();
        byte[] hello = AgentConnection.Encode(node.Hello());
        byte[] batch = AgentConnection.Encode(new BatchMessage(node.WholeSession(Guid.CreateVersion7(), "cut").Cut()));
        byte[] conversation = [.. hello, .. batch];
        for (int length = 0; length < conversation.Length; length += 5) await TalkAsync(server, conversation.AsMemory(0, length));
        server.Store.Stored.ShouldBeEmpty();
        server.Memory.Held.ShouldBe(0);
    }

    private static async Task TalkAsync(IngestServer server, ReadOnlyMemory<byte> bytes)
    {
        await using var agent = await AgentConnection.OpenAsync(server.Address);
        try
        {
            await agent.SendAsync(bytes);
            agent.HalfClose();
            while (await agent.ReceiveAsync() is not null)
            {
                // Welcome, acknowledgements, a refusal: then it must close.
            }
        }
        catch (IOException)
        {
            // Closed while we still wrote.
        }
    }
}
