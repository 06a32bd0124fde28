using System.Net;
using Microsoft.Extensions.Logging;
using Recorder.Agent.Configuration;
using Recorder.Agent.Pipeline;
using Recorder.Agent.Uplink;
using Recorder.Wire;

namespace Recorder.Agent.Tests.Uplink;

/// <summary>An agent's queue and uplink with real TCP, without a kernel before them.</summary>
internal sealed class UplinkFixture : IAsyncDisposable, IHeadsInquiry, IEpochTurn
{
    public static readonly Guid Subject = Guid.CreateVersion7();

    private readonly CancellationTokenSource _stopping = new();
    private readonly Guid _origin = Guid.CreateVersion7();
    private readonly Guid _bootId = Guid.NewGuid();
    private Task _running = Task.CompletedTask;

    public UplinkFixture(DnsEndPoint collector, long queueBytes = 64 << 20, TimeProvider? time = null)
    {
        Log = new RecordingLogger();
        Queue = new BatchQueue();
        Epoch = Guid.CreateVersion7();
        Frames = new FrameQueue(
            _origin, new BatchBuilder(_origin, Epoch, _bootId), Queue, new FrameQueueLimits(queueBytes, 64 << 10, TimeSpan.FromMilliseconds(10)),
            TimeProvider.System, Log);
        AgentOptions options = OptionsReader.Read(CommandLineReader.Read(["--collector", $"{collector.Host}:{collector.Port}"]), new System.Collections.Hashtable(), "/nonexistent");
        Hello hello = new(1, 1, new Origin { Id = _origin, BootId = _bootId, Node = "test" }, Epoch, null);
        Uplink = new CollectorUplink(options, hello, Queue, this, this, Report, time ?? TimeProvider.System, Log);
    }

    public Guid Epoch { get; private set; }

    public RecordingLogger Log { get; }

    public BatchQueue Queue { get; }

    public FrameQueue Frames { get; }

    public CollectorUplink Uplink { get; }

    public UplinkReport Report { get; } = new();

    public IReadOnlyList<Guid> Unanswered { get; set; } = [];

    public TaskCompletionSource<IReadOnlyList<SubjectHead>> HeadsAnswered { get; } = new();

    public void Answer(IReadOnlyList<Guid> asked, IReadOnlyList<SubjectHead> stored)
    {
        Unanswered = [];
        HeadsAnswered.TrySetResult(stored);
    }

    public Task<Hello> BeginAsync(Hello last, CancellationToken cancellation)
    {
        (Guid previous, Guid next) = (Epoch, Guid.CreateVersion7());
        Frames.BeginEpoch(new BatchBuilder(_origin, next, _bootId));
        Frames.CutIfDue();
        Epoch = next;
        return Task.FromResult(last with { Epoch = Epoch, PreviousEpoch = previous });
    }

    public UplinkFixture Start()
    {
        _running = Uplink.RunAsync(_stopping.Token);
        return this;
    }

    /// <summary>Writes stream bytes as so many batches and returns where the stream stands.</summary>
    public ulong Produce(int batches, ulong offset = 0)
    {
        byte[] bytes = new byte[1000];
        for (int i = 0; i < batches; i++)
        {
            Random.Shared.NextBytes(bytes);
            Frames.Data(Subject, 1, StreamId.Out, offset, DataFlags.None, bytes);
            Frames.CutAll();
            offset += (ulong)bytes.Length;
        }

        return offset;
    }

    public async Task DrainedAsync()
    {
        Task first = await Task.WhenAny(_running, Queue.WhenEmptyAsync()).WaitAsync(TimeSpan.FromSeconds(60));
        await first;
    }

    public async Task<UplinkState> ReachesAsync(params UplinkState[] states)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        while (!states.Contains(Report.State))
            await Task.Delay(10, limit.Token);
        return Report.State;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }

        Frames.Dispose();
        Queue.Dispose();
        _stopping.Dispose();
    }
}

/// <summary>Keeps the names of what was logged.</summary>
internal sealed class RecordingLogger : ILogger
{
    private readonly List<(string Event, string Message)> _entries = [];

    public IReadOnlyList<(string Event, string Message)> Entries
    {
        get
        {
            lock (_entries)
                return [.. _entries];
        }
    }

    public int Count(string name) => Entries.Count(entry => entry.Event == name);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_entries)
            _entries.Add((eventId.Name ?? "", formatter(state, exception)));
    }
}
