using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using Recorder.Collector.Configuration;
using Recorder.Collector.Ingest;
using Recorder.Collector.Tests.Fixtures;
using Recorder.Wire;

namespace Recorder.Collector.Tests.Ingest;

public sealed class RefusalTests
{
    [Fact]
    public async Task Version_ThatIsNotSpoken_IsRefused()
    {
        await RefusedAtHelloAsync(node => AgentConnection.Encode(node.Hello() with { OldestVersion = 99, NewestVersion = 100 }), RefuseCode.Version);
    }

    [Fact]
    public async Task FirstMessage_OtherThanHello_IsRefusedAsMalformed() => await RefusedAtHelloAsync(_ => AgentConnection.Encode(new Ping(1)), RefuseCode.Malformed);

    [Fact]
    public async Task Length_AboveTheLimit_IsRefusedBeforeAnythingIsReserved()
    {
        byte[] prefix = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(prefix, WireLimits.Message + 1);
        await RefusedAtHelloAsync(_ => prefix, RefuseCode.MessageTooLarge);
        await RefusedAtHelloAsync(_ => new byte[4], RefuseCode.Malformed);
    }

    [Fact]
    public async Task Http_OnTheIngestPort_IsRefused() =>
        await RefusedAtHelloAsync(_ => "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), RefuseCode.MessageTooLarge);

    [Fact]
    public async Task TruncatedMessage_IsRefusedAsMalformed()
    {
        await using var server = new IngestServer();
        using var node = new SimulatedNode();
        await using var agent = (await AgentConnection.JoinAsync(server.Address, node)).Connection;
        byte[] message = AgentConnection.Encode(new BatchMessage(node.WholeSession(Guid.CreateVersion7(), "x").Cut()));
        await agent.SendAsync(message.AsMemory(0, message.Length - 1));
        agent.HalfClose();
        (await agent.RefusedAsync()).Code.ShouldBe(RefuseCode.Malformed);
        server.Store.Stored.ShouldBeEmpty();
    }

    [Fact]
    public async Task Batch_LeavingOutFrames_IsRefusedAsSequence()
    {
        using var node = new SimulatedNode();
        node.WholeSession(Guid.CreateVersion7(), "left out").Cut();
        await RefusedAsync(node, node.WholeSession(Guid.CreateVersion7(), "x").Cut(), RefuseCode.Sequence);
    }

    [Fact]
    public async Task Batch_WithAnotherPast_IsRefusedAsSequence()
    {
        await using var server = new IngestServer();
        using var node = new SimulatedNode();
        using var liar = new SimulatedNode(node.Origin.Id, node.Epoch);
        await using var agent = (await AgentConnection.JoinAsync(server.Address, node)).Connection;
        await agent.SendBatchAsync(node.WholeSession(Guid.CreateVersion7(), "a").Cut());
        await agent.AcknowledgedAsync(5);
        liar.WholeSession(Guid.CreateVersion7(), "b").Cut();
        await agent.SendBatchAsync(liar.WholeSession(Guid.CreateVersion7(), "c").Cut());
        (await agent.RefusedAsync()).Code.ShouldBe(RefuseCode.Sequence);
    }

    [Fact]
    public async Task Batch_OfStoredSequenceWithOtherBytes_IsRefusedAsConflict()
    {
        await using var server = new IngestServer();
        using var node = new SimulatedNode();
        using var forger = new SimulatedNode(node.Origin.Id, node.Epoch);
        await using (var agent = (await AgentConnection.JoinAsync(server.Address, node)).Connection)
        {
            await agent.SendBatchAsync(node.WholeSession(Guid.CreateVersion7(), "a").Cut());
            await agent.AcknowledgedAsync(5);
        }

        await using var again = (await AgentConnection.JoinAsync(server.Address, forger)).Connection;
        await again.SendBatchAsync(forger.WholeSession(Guid.CreateVersion7(), "b").Cut());
        (await again.RefusedAsync()).Code.ShouldBe(RefuseCode.Conflict);
        server.Store.Stored.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Batch_OfAnotherOriginOrEpoch_IsRefused()
    {
        using var node = new SimulatedNode();
        using var otherEpoch = new SimulatedNode(node.Origin.Id);
        using var otherOrigin = new SimulatedNode(epoch: node.Epoch);
        await RefusedAsync(node, otherEpoch.WholeSession(Guid.CreateVersion7(), "x").Cut(), RefuseCode.Origin);
        await RefusedAsync(node, otherOrigin.WholeSession(Guid.CreateVersion7(), "x").Cut(), RefuseCode.Origin);
    }

    [Fact]
    public async Task Frame_OfUnknownType_IsRefused_UnlessAncillary()
    {
        using var node = new SimulatedNode();
        var session = Guid.CreateVersion7();
        var frame = new ArrayBufferWriter<byte>();
        Raw(99, 1)(frame, 1, 1, session);
        await RefusedAsync(node, Assemble(node, session, frame.WrittenSpan), RefuseCode.UnknownFrame);

        await using var server = new IngestServer();
        using var modern = new SimulatedNode();
        await using var agent = (await AgentConnection.JoinAsync(server.Address, modern)).Connection;
        await agent.SendBatchAsync(modern.Add(Guid.CreateVersion7(), Raw(200, 1)).Cut());
        await agent.AcknowledgedAsync(1);
    }

    [Fact]
    public async Task Frame_AboveTheLimit_IsRefused()
    {
        // The builder would refuse it too: a builder's batch is cut open and given a longer frame.
        using var node = new SimulatedNode();
        var session = Guid.CreateVersion7();
        var frame = new ArrayBufferWriter<byte>();
        Raw(200, WireLimits.Frame)(frame, 1, 1, session);
        await RefusedAsync(node, Assemble(node, session, frame.WrittenSpan), RefuseCode.FrameTooLarge);
    }

    [Fact]
    public async Task Batch_AboveTheLimit_IsRefused()
    {
        using var node = new SimulatedNode();
        await RefusedAsync(node, new byte[WireLimits.Batch + 1], RefuseCode.BatchTooLarge);
    }

    [Fact]
    public async Task SessionFrame_AboutTheOrigin_IsRefused()
    {
        using var node = new SimulatedNode();
        await RefusedAsync(node, node.Data(node.Origin.Id, StreamId.Out, 0, "x").Cut(), RefuseCode.Malformed);
        using var other = new SimulatedNode();
        await RefusedAsync(other, other.Add(Guid.CreateVersion7(), new NodeFrame().Write).Cut(), RefuseCode.Malformed);
    }

    [Fact]
    public async Task Connection_AboveTheLimit_IsToldToComeBack()
    {
        await using var server = new IngestServer(new CollectorOptions { IngestConnections = 1 });
        using var node = new SimulatedNode();
        await using var only = (await AgentConnection.JoinAsync(server.Address, node)).Connection;
        await using var another = await AgentConnection.OpenAsync(server.Address);
        (await another.RefusedAsync()).Code.ShouldBe(RefuseCode.ShuttingDown);
        await only.SendBatchAsync(node.WholeSession(Guid.CreateVersion7(), "x").Cut());
        await only.AcknowledgedAsync(node.LastSeq);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.8.9.10", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("0.0.0.0", false)]
    public void Loopback_IsTold(string address, bool expected) => IngestListener.IsLoopback(IPAddress.Parse(address)).ShouldBe(expected);

    private static SimulatedNode.FrameWriter Raw(byte type, int size) => (output, seq, time, subject) =>
    {
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(5);
        writer.WriteUInt64(type);
        writer.WriteUInt64(seq);
        writer.WriteUInt64(time);
        writer.WriteUuid(subject);
        writer.WriteBinary(new byte[size]);
        writer.Flush();
    };

    private static byte[] Assemble(SimulatedNode node, Guid session, ReadOnlySpan<byte> frames)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(2);
        writer.WriteArrayHeader(10);
        writer.WriteUInt64(1);
        writer.WriteUuid(node.Origin.Id);
        writer.WriteUuid(node.Epoch);
        foreach (ulong number in new ulong[] { 0, 1, 1 }) writer.WriteUInt64(number);
        writer.WriteUuid(node.Origin.BootId);
        writer.WriteUInt64(1);
        writer.WriteUInt64(1);
        writer.WriteDigest(default);
        writer.WriteArrayHeader(1);
        writer.WriteArrayHeader(3);
        writer.WriteUuid(session);
        writer.WriteDigest(default);
        writer.WriteBinary(frames);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static async Task RefusedAtHelloAsync(Func<SimulatedNode, byte[]> bytes, string code)
    {
        await using var server = new IngestServer();
        using var node = new SimulatedNode();
        await using var agent = await AgentConnection.OpenAsync(server.Address);
        await agent.SendAsync(bytes(node));
        (await agent.RefusedAsync()).Code.ShouldBe(code);
        (await agent.ReceiveAsync()).ShouldBeNull();
        server.Memory.Held.ShouldBe(0);
    }

    private static async Task RefusedAsync(SimulatedNode node, byte[] batch, string code)
    {
        await using var server = new IngestServer();
        using var witness = new SimulatedNode();
        await using var other = (await AgentConnection.JoinAsync(server.Address, witness)).Connection;
        await using var agent = (await AgentConnection.JoinAsync(server.Address, node)).Connection;
        await agent.SendBatchAsync(batch);
        (await agent.RefusedAsync()).Code.ShouldBe(code);
        (await agent.ReceiveAsync()).ShouldBeNull();
        server.Store.Stored.ShouldBeEmpty();

        await other.SendBatchAsync(witness.WholeSession(Guid.CreateVersion7(), "unharmed").Cut());
        await other.AcknowledgedAsync(witness.LastSeq);
    }
}
