using Recorder.Wire;

namespace Recorder.Agent.Uplink;

/// <summary>Asks the collector what it has of sessions that began before this agent.</summary>
internal interface IHeadsInquiry
{
    /// <summary>Subjects to ask for, at most <see cref="WireLimits.Elements"/> at a time; empty when there is nothing to ask.</summary>
    IReadOnlyList<Guid> Unanswered { get; }

    /// <summary>The answer; called on the uplink's task.</summary>
    void Answer(IReadOnlyList<Guid> asked, IReadOnlyList<SubjectHead> stored);
}

/// <summary>
/// One connection's life behind WELCOME: a sending and a receiving task, which end together. Ends only by an exception that says why.
/// </summary>
internal sealed class UplinkSession(
    CollectorConnection connection,
    Welcome welcome,
    Guid epoch,
    BatchQueue queue,
    IHeadsInquiry heads,
    UplinkReport report,
    TimeProvider time)
{
    /// <summary>Silence after which the collector is asked whether it is there.</summary>
    public static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(10);

    /// <summary>Silence after which the connection is given up: the other side is gone without a word.</summary>
    public static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(30);

    // Who lost its sender gives the receiver this long to find the REFUSE that tells why.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly long _window = (long)Math.Min(welcome.Window, long.MaxValue);
    private long _heard = time.GetTimestamp();
    private ulong _pinged;
    private int _pongs;
    private ulong _pong;
    private IReadOnlyList<Guid> _asked = [];

    /// <summary>True once the collector acknowledged something on this connection.</summary>
    public bool MadeProgress { get; private set; }

    public async Task RunAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task sending = SendAllAsync(ending.Token);
        Task receiving = ReceiveAllAsync(ending.Token);
        Task first = await Task.WhenAny(sending, receiving);
        if (first == sending && !cancellation.IsCancellationRequested)
            await Task.WhenAny(receiving, Task.Delay(LastWords, time, cancellation));
        bool refused = receiving.IsFaulted;
        await ending.CancelAsync();
        try
        {
            await Task.WhenAll(sending, receiving);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // One of the two was only told to end; the other's failure follows below.
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // As above: thrown again below, the receiver's first, because it knows the collector's reason.
        }

        cancellation.ThrowIfCancellationRequested();
        await (refused ? receiving : first);
    }

    private async Task SendAllAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await AskForHeadsAsync(cancellation);
            await AnswerPingsAsync(cancellation);
            await CheckLifeAsync(cancellation);
            if (queue.TryTake(_window, out QueuedBatch batch))
                await SendAsync(batch, cancellation);
            else
                await queue.WaitAsync(TimeSpan.FromSeconds(1), cancellation);
        }
    }

    private async Task SendAsync(QueuedBatch batch, CancellationToken cancellation)
    {
        try
        {
            await connection.SendAsync(batch, cancellation);
            report.Sent(batch.Length);
        }
        finally
        {
            queue.Release(batch);
        }
    }

    private async Task AskForHeadsAsync(CancellationToken cancellation)
    {
        if (_asked.Count > 0)
            return;
        IReadOnlyList<Guid> subjects = heads.Unanswered;
        if (subjects.Count == 0)
            return;
        Volatile.Write(ref _asked, subjects);
        await connection.SendAsync(new Heads(subjects), cancellation);
    }

    private async Task AnswerPingsAsync(CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _pongs, 0) != 0)
            await connection.SendAsync(new Pong(Volatile.Read(ref _pong)), cancellation);
    }

    private async Task CheckLifeAsync(CancellationToken cancellation)
    {
        TimeSpan silence = time.GetElapsedTime(Volatile.Read(ref _heard));
        if (silence > DeadAfter)
            throw new TimeoutException($"nothing was heard for {(int)silence.TotalSeconds} s");
        ulong due = (ulong)(silence / PingAfter);
        if (due > _pinged)
            await connection.SendAsync(new Ping(due), cancellation);
        _pinged = due;
    }

    private async Task ReceiveAllAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Message message = await connection.ReadAsync(cancellation);
            Volatile.Write(ref _heard, time.GetTimestamp());
            Receive(message);
        }
    }

    private void Receive(Message message)
    {
        switch (message)
        {
            case Ack ack when ack.Epoch == epoch:
                if (!queue.TryAcknowledge(ack.Seq))
                    throw new CollectorProtocolException($"ACK of frame {ack.Seq}, which was never sent");
                MadeProgress = true;
                break;
            case HeadsAre are:
                heads.Answer(_asked, are.Subjects);
                Volatile.Write(ref _asked, []);
                break;
            case Ping ping:
                Volatile.Write(ref _pong, ping.Value);
                Volatile.Write(ref _pongs, 1);
                queue.Wake();
                break;
            case Pong or Ack:
                break;
            default:
                throw new CollectorProtocolException($"{message.Kind} came, which a collector doesn't send now");
        }
    }
}
