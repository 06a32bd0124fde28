using Recorder.Collector.Diagnostics;
using Recorder.Storage;
using Recorder.Wire;

namespace Recorder.Collector.Ingest;

/// <summary>What an agent and the collector say to each other after HELLO.</summary>
internal sealed class IngestDialogue
{
    private static readonly TimeSpan HelloLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);
    private const int SilencesAtMost = 3;

    private readonly MessageReader _reader;
    private readonly MessageSender _sender;
    private readonly IngestConnectionFactory _shared;
    private readonly Origin _origin;
    private readonly EpochClaim _claim;
    private readonly EpochCursor _cursor;
    private readonly MemoryBudget _window;
    private ulong _durable;

    private IngestDialogue(MessageReader reader, MessageSender sender, IngestConnectionFactory shared, Origin origin, EpochClaim claim, EpochHead head)
    {
        _reader = reader;
        _sender = sender;
        _shared = shared;
        _origin = origin;
        _claim = claim;
        _cursor = new EpochCursor(head);
        _window = new MemoryBudget(shared.Options.IngestWindow);
        _durable = head.Seq;
    }

    public RefusalException? Failure => _claim.Failure;

    public Guid Epoch => _claim.Epoch;

    /// <summary>Reads HELLO, takes the epoch over from an older connection and says WELCOME.</summary>
    public static async Task<IngestDialogue> OpenAsync(MessageReader reader, MessageSender sender, IngestConnectionFactory shared, CancellationToken stopping)
    {
        var hello = await ReadHelloAsync(reader, stopping);
        ulong version = Negotiate(hello);
        var claim = await shared.Epochs.TakeAsync(hello.Origin.Id, hello.Epoch, stopping);
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, claim.Superseded);
            var head = await shared.Store.OpenEpochAsync(hello, either.Token);
            var dialogue = new IngestDialogue(reader, sender, shared, hello.Origin, claim, head);
            await sender.ReplyAsync(IngestConnection.Encode(new Welcome(version, head.Seq, (ulong)shared.Options.IngestWindow)), either.Token);
            Log.AgentWelcomed(shared.Log, Printable.Of(hello.Origin.Cluster), Printable.Of(hello.Origin.Node), hello.Epoch, head.Seq);
            return dialogue;
        }
        catch
        {
            await shared.Epochs.ReleaseAsync(claim);
            throw;
        }
    }

    /// <summary>Runs until the peer closes its side. Throws what ends the connection.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, _claim.Superseded);
        for (int silences = 0; ;)
        {
            ReceivedMessage? message;
            try
            {
                message = await _reader.ReadAsync(WireLimits.Message, Silence, either.Token);
            }
            catch (TimeoutException) when (++silences < SilencesAtMost)
            {
                await _sender.ReplyAsync(IngestConnection.Encode(new Ping((ulong)silences)), either.Token);
                continue;
            }

            if (message is null) return;
            silences = 0;
            await HandleAsync(message, either.Token);
        }
    }

    public Task DrainAsync(CancellationToken cancellation) => _claim.DrainAsync(cancellation);

    public Task ReleaseAsync() => _shared.Epochs.ReleaseAsync(_claim);

    private static async Task<Hello> ReadHelloAsync(MessageReader reader, CancellationToken stopping)
    {
        using var message = await reader.ReadAsync(WireLimits.Message, HelloLimit, stopping) ?? throw new IOException("closed before HELLO");
        return Message.Read(message.Bytes) as Hello ?? throw new RefusalException(RefuseCode.Malformed, "the first message is not HELLO");
    }

    private static ulong Negotiate(Hello hello)
    {
        ulong newest = Math.Min(hello.NewestVersion, WireLimits.Version);
        if (newest >= Math.Max(hello.OldestVersion, WireLimits.OldestVersion)) return newest;
        throw new RefusalException(RefuseCode.Version,
            $"the agent speaks {hello.OldestVersion} to {hello.NewestVersion}, the collector {WireLimits.OldestVersion} to {WireLimits.Version}");
    }

    private async Task HandleAsync(ReceivedMessage received, CancellationToken cancellation)
    {
        bool kept = false;
        try
        {
            switch (Message.Read(received.Bytes))
            {
                case BatchMessage batch:
                    kept = await TakeAsync(received, batch, cancellation);
                    break;
                case Heads heads:
                    await AnswerAsync(heads, cancellation);
                    break;
                case Ping ping:
                    await _sender.ReplyAsync(IngestConnection.Encode(new Pong(ping.Value)), cancellation);
                    break;
                case Pong:
                    break;
                case Refuse refuse:
                    throw new IOException($"the agent refuses: {Printable.Of(refuse.Code)}: {Printable.Of(refuse.Reason)}");
                case var other:
                    throw new RefusalException(RefuseCode.Malformed, $"{other.Kind} is not for an agent to send here");
            }
        }
        finally
        {
            if (!kept) received.Dispose();
        }
    }

    /// <returns>True if the batch went to the committer, with its memory.</returns>
    private async Task<bool> TakeAsync(ReceivedMessage received, BatchMessage message, CancellationToken cancellation)
    {
        var batch = Batch.Read(message.Batch);
        if (batch.Header.Origin != _claim.Origin || batch.Header.Epoch != _claim.Epoch)
            throw new RefusalException(RefuseCode.Origin, "the batch is of another origin or epoch than HELLO named");
        if (_cursor.IsBehind(batch.Header))
        {
            await AcknowledgeAgainAsync(batch, cancellation);
            return false;
        }

        var facts = BatchFacts.Read(batch);
        _cursor.Advance(batch);
        long held = await _window.AcquireAsync(batch.Bytes.Length, cancellation);
        _claim.PendingSubmitted();
        _shared.Committer.Submit(new PendingBatch(new ReceivedBatch(received, batch, facts), _claim, (pending, stored) => Settled(pending, stored, held)));
        return true;
    }

    private async Task AcknowledgeAgainAsync(Batch batch, CancellationToken cancellation)
    {
        // Only the store can say what is stored; so first everything on its way there must have arrived.
        await _claim.DrainAsync(cancellation);
        var standing = await _shared.Store.ClassifyAsync(batch, cancellation);
        if (standing != BatchStanding.Stored)
        {
            Log.BatchConflict(_shared.Log, _claim.Origin, _claim.Epoch, batch.Header.FirstSeq, batch.Header.LastSeq);
            throw new RefusalException(RefuseCode.Conflict, $"the frames {batch.Header.FirstSeq} to {batch.Header.LastSeq} are stored with other bytes");
        }

        await _sender.ReplyAsync(IngestConnection.Encode(new Ack(Epoch, Volatile.Read(ref _durable))), cancellation);
    }

    private async Task AnswerAsync(Heads heads, CancellationToken cancellation)
    {
        var stored = await _shared.Store.HeadsAsync(heads.Subjects, cancellation);
        var answer = stored.Select(static head => new Wire.SubjectHead(
            head.Subject, head.Revision, head.Streams.Select(static stream => new Wire.StreamHead((StreamId)stream.Stream, stream.End)).ToArray()));
        await _sender.ReplyAsync(IngestConnection.Encode(new HeadsAre(answer.ToArray())), cancellation);
    }

    /// <summary>On the committer's flow: must be quick and must not throw.</summary>
    private void Settled(PendingBatch pending, bool stored, long held)
    {
        _window.Release(held);
        if (!stored) return;
        var facts = pending.Batch.Facts;
        foreach (var (reason, bytes) in facts.Gaps) _shared.Metrics.Lost(reason, bytes);
        if (facts.HasHeartbeat) _shared.Metrics.Heartbeat(_origin.Cluster ?? string.Empty, _origin.Node ?? string.Empty, _shared.Time.GetUtcNow());
        Volatile.Write(ref _durable, pending.Batch.Batch.Header.LastSeq);
        _sender.Acknowledge(pending.Batch.Batch.Header.LastSeq);
    }
}
