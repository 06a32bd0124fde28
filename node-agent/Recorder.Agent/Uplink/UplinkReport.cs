namespace Recorder.Agent.Uplink;

/// <summary>How it stands with the collector.</summary>
internal enum UplinkState
{
    Starting,
    Connected,
    Unreachable,
    RefusedForNow,
    Refused,
}

/// <summary>The uplink's state and what it sent, written by its task and read by any thread.</summary>
internal sealed class UplinkReport
{
    private long _connections;
    private long _batches;
    private long _batchBytes;
    private long _refusals;
    private volatile UplinkState _state;

    public UplinkState State
    {
        get => _state;
        set => _state = value;
    }

    public long Connections => Volatile.Read(ref _connections);

    /// <summary>Batches sent, repetitions included.</summary>
    public long Batches => Volatile.Read(ref _batches);

    public long BatchBytes => Volatile.Read(ref _batchBytes);

    public long Refusals => Volatile.Read(ref _refusals);

    public void Connected() => Interlocked.Increment(ref _connections);

    public void Refused() => Interlocked.Increment(ref _refusals);

    public void Sent(int bytes)
    {
        Interlocked.Increment(ref _batches);
        Interlocked.Add(ref _batchBytes, bytes);
    }
}
