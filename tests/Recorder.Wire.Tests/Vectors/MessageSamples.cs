namespace Recorder.Wire.Tests;

/// <summary>Every message, and batches.</summary>
internal static class MessageSamples
{
    public static readonly Guid Epoch = new("0198a5f0-2222-7222-8222-222222222222");
    public static readonly Guid BootId = new("3f1e8f5e-6a1b-4a58-9d8e-0e5f3a8f2b11");

    public static readonly Origin Node = new()
    {
        Id = FrameSamples.Origin,
        Cluster = "north",
        Node = "node-a",
        NodeUid = "b6a3a1f8-8a0b-4a5e-8d7e-000000000002",
        BootId = BootId,
        Agent = "0.1.0",
        Kernel = "6.1.0-32-amd64",
        Architecture = "x86_64",
    };

    public static IEnumerable<Sample> All()
    {
        yield return new Sample("batch", "batch", "one section", buffer => WriteBatches(buffer, 1));
        yield return new Sample("batch-second", "batch", "three sections, the second batch of its epoch", buffer => WriteBatches(buffer, 2));
        yield return Message("hello", "a node after a restart", new Hello(1, 1, Node, Epoch, new Guid("0198a5f0-1111-7111-8111-111111111111")));
        yield return Message("hello-first", "a node's first epoch", new Hello(1, 3, new Origin { Id = FrameSamples.Origin, BootId = BootId }, Epoch, null));
        yield return Message("welcome", "resume behind 1,000", new Welcome(1, 1000, 32 << 20));
        yield return Message("batch-message", "carries a batch", new BatchMessage(EncodeBatch()));
        yield return Message("ack", "up to 1,042", new Ack(Epoch, 1042));
        yield return Message("refuse", "of a batch", new Refuse(RefuseCode.BatchTooLarge, "a batch of 9000000 bytes at byte 0"));
        yield return Message("heads", "two subjects", new Heads([FrameSamples.Session, FrameSamples.Origin]));
        yield return Message("heads-are", "one is stored", new HeadsAre([new SubjectHead(FrameSamples.Session, 2, [new StreamHead(StreamId.In, 3), new StreamHead(StreamId.Out, 70_000)])]));
        yield return Message("ping", "any number", new Ping(ulong.MaxValue));
        yield return Message("pong", "the same number", new Pong(ulong.MaxValue));
    }

    /// <summary>A builder that has cut <paramref name="cuts"/> batches; the last is appended to the buffer.</summary>
    public static BatchCut WriteBatches(PooledBuffer buffer, int cuts)
    {
        using var builder = new BatchBuilder(FrameSamples.Origin, Epoch, BootId);
        BatchCut cut = default;
        for (int i = 0; i < cuts; i++)
        {
            buffer.Clear();
            AddFrames(builder, i);
            cut = builder.Cut(5_000_000_000 + (ulong)i, 1_700_000_000_000_000_000 + (ulong)i, buffer);
        }

        return cut;
    }

    private static void AddFrames(BatchBuilder builder, int round)
    {
        Add(builder, FrameSamples.Session, (buffer, seq, id) => new DataFrame(StreamId.Out, seq, DataFlags.None, "a"u8).Write(buffer, seq, seq, id));
        if (round > 0)
        {
            Add(builder, FrameSamples.Origin, (buffer, seq, id) => FrameSamples.Node.Write(buffer, seq, seq, id));
            Add(builder, Guid.AllBitsSet, (buffer, seq, id) => new ResizeFrame(80, 24).Write(buffer, seq, seq, id));
        }

        Add(builder, FrameSamples.Session, (buffer, seq, id) => new DataFrame(StreamId.Out, seq, DataFlags.None, "b"u8).Write(buffer, seq, seq, id));
    }

    private static void Add(BatchBuilder builder, Guid subject, Action<System.Buffers.IBufferWriter<byte>, ulong, Guid> write)
    {
        ulong seq = builder.NextSeq;
        write(builder.BeginFrame(seq, subject), seq, subject);
        builder.EndFrame();
    }

    private static byte[] EncodeBatch()
    {
        using var buffer = new PooledBuffer();
        WriteBatches(buffer, 1);
        return buffer.WrittenSpan.ToArray();
    }

    private static Sample Message(string name, string description, Message message) => new(name, "message", description, message.Write);
}
