using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Recorder.Wire;

namespace Recorder.Agent.Tests.Uplink;

/// <summary>
/// A collector that keeps batches in memory and has faults on demand. It checks what a collector checks: that batches continue the epoch, chain,
/// and come back byte-identical.
/// </summary>
internal sealed class TestCollector : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _connections = [];
    private readonly Lock _lock = new();
    private readonly SortedDictionary<ulong, Batch> _batches = [];
    private Task _accepting = Task.CompletedTask;
    private TcpClient? _current;

    public TestCollector(int port = 0) => _listener = new TcpListener(IPAddress.Loopback, port);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public DnsEndPoint Address => new("127.0.0.1", Port);

    /// <summary>What went wrong on this side: a broken sequence, a changed batch.</summary>
    public ConcurrentQueue<string> Violations { get; } = [];

    public ConcurrentQueue<Hello> Hellos { get; } = [];

    public ConcurrentQueue<Heads> HeadsAsked { get; } = [];

    public ConcurrentQueue<ulong> Pongs { get; } = [];

    public int Connections => Hellos.Count;

    /// <summary>Answers the next HELLO, or the next BATCH, with REFUSE.</summary>
    public ConcurrentQueue<Refuse> RefuseHello { get; } = [];

    public ConcurrentQueue<Refuse> RefuseBatch { get; } = [];

    /// <summary>What WELCOME says instead of the truth.</summary>
    public ulong? Resume { get; set; }

    public ulong Window { get; set; } = 64 << 20;

    /// <summary>False keeps batches without a word.</summary>
    public bool Acknowledges { get; set; } = true;

    public bool AnswersPings { get; set; } = true;

    /// <summary>Cuts the connection behind so many messages; 0: never.</summary>
    public int CutAfterMessages { get; set; }

    /// <summary>Stops reading while it is set.</summary>
    public volatile bool Paused;

    public Func<Heads, HeadsAre> AnswerHeads { get; set; } = _ => new HeadsAre([]);

    public int RepeatedBatches { get; private set; }

    public IReadOnlyList<Batch> Batches
    {
        get
        {
            lock (_lock)
                return [.. _batches.Values];
        }
    }

    public ulong Contiguous
    {
        get
        {
            lock (_lock)
                return _batches.Count == 0 ? 0 : _batches.Values.Last().Header.LastSeq;
        }
    }

    /// <summary>Loses everything, as a store that was replaced.</summary>
    public void Forget()
    {
        lock (_lock)
            _batches.Clear();
    }

    public TestCollector Start()
    {
        _listener.Start();
        _accepting = AcceptAsync();
        return this;
    }

    /// <summary>Resets the connection there is.</summary>
    public void Cut()
    {
        TcpClient? client = Volatile.Read(ref _current);
        if (client is null)
            return;
        client.Client.LingerState = new LingerOption(true, 0);
        client.Close();
    }

    public Task SendAsync(Message message)
    {
        PipeWriter output = PipeWriter.Create(_current!.GetStream(), new StreamPipeWriterOptions(leaveOpen: true));
        MessageFraming.Write(output, message);
        return output.FlushAsync().AsTask();
    }

    public IEnumerable<(FrameHeader Header, byte[] Bytes)> Frames()
    {
        List<(FrameHeader, byte[])> frames = [];
        foreach (BatchSection section in Batches.SelectMany(batch => batch.Sections))
        {
            foreach (Frame frame in new FrameReader(section.Frames.Span))
                frames.Add((frame.Header, frame.Bytes.ToArray()));
        }

        return frames.OrderBy(frame => frame.Item1.Seq);
    }

    public IReadOnlyList<ulong> DataOffsets()
    {
        List<ulong> offsets = [];
        foreach ((FrameHeader header, byte[] bytes) in Frames())
        {
            FrameReader reader = new(bytes);
            reader.MoveNext();
            MessagePackReader body = reader.Current.Body;
            if (header.Type == FrameType.Data)
                offsets.Add(DataFrame.Read(ref body).Offset);
        }

        return offsets;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        _current?.Close();
        await Task.WhenAll([_accepting, .. _connections]);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                Volatile.Write(ref _current, client);
                _connections.Add(ServeAsync(client));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                PipeReader input = PipeReader.Create(client.GetStream());
                PipeWriter output = PipeWriter.Create(client.GetStream());
                for (int messages = 0; CutAfterMessages == 0 || messages < CutAfterMessages; messages++)
                {
                    while (Paused)
                        await Task.Delay(10, _stopping.Token);
                    Message? message = await MessageFraming.ReadAsync(input, _stopping.Token);
                    if (message is null)
                        return;
                    bool goesOn = Answer(message, output);
                    await output.FlushAsync(_stopping.Token);
                    if (!goesOn)
                    {
                        await CloseGentlyAsync(client, input);
                        return;
                    }
                }

                client.Client.LingerState = new LingerOption(true, 0);
            }
        }
        catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut by either side, which is what the tests are about.
        }
    }

    // Closing with unread bytes resets the connection, and the REFUSE could be lost with it.
    private async Task CloseGentlyAsync(TcpClient client, PipeReader input)
    {
        client.Client.Shutdown(SocketShutdown.Send);
        while (await MessageFraming.ReadAsync(input, _stopping.Token) is not null)
        {
        }
    }

    private bool Answer(Message message, PipeWriter output)
    {
        switch (message)
        {
            case Hello hello:
                Hellos.Enqueue(hello);
                if (RefuseHello.TryDequeue(out Refuse? refusal))
                    return Refused(output, refusal);
                MessageFraming.Write(output, new Welcome(1, Resume ?? Contiguous, Window));
                return true;
            case BatchMessage batch:
                if (RefuseBatch.TryDequeue(out Refuse? refused))
                    return Refused(output, refused);
                Keep(Batch.Read(batch.Batch.ToArray()));
                if (Acknowledges)
                    MessageFraming.Write(output, new Ack(Hellos.Last().Epoch, Contiguous));
                return true;
            case Heads heads:
                HeadsAsked.Enqueue(heads);
                MessageFraming.Write(output, AnswerHeads(heads));
                return true;
            case Ping ping when AnswersPings:
                MessageFraming.Write(output, new Pong(ping.Value));
                return true;
            case Pong pong:
                Pongs.Enqueue(pong.Value);
                return true;
            default:
                return true;
        }
    }

    private static bool Refused(PipeWriter output, Refuse refusal)
    {
        MessageFraming.Write(output, refusal);
        return false;
    }

    private void Keep(Batch batch)
    {
        lock (_lock)
        {
            ulong number = batch.Header.Number;
            if (_batches.TryGetValue(number, out Batch? stored))
            {
                RepeatedBatches++;
                if (!stored.Bytes.Span.SequenceEqual(batch.Bytes.Span))
                    Violations.Enqueue($"batch {number} changed");
                return;
            }

            Batch? last = _batches.Count == 0 ? null : _batches.Values.Last();
            if (batch.Header.FirstSeq != (last?.Header.LastSeq ?? 0) + 1 || batch.Header.Previous != (last?.Hash ?? default))
                Violations.Enqueue($"batch {number} does not continue the epoch");
            _batches.Add(number, batch);
        }
    }
}
