using Recorder.Storage;

namespace Recorder.Collector.Store;

/// <summary>Whether the store answers, and why not. Logs a change once, however often it is told.</summary>
internal sealed class StoreState(ILogger<StoreState> log)
{
    private readonly Lock _gate = new();
    private string? _reason = "the store has not been reached yet";
    private Exception? _failure;

    /// <summary>Anything was logged or reached yet: the first success is no recovery.</summary>
    private bool _spoken;

    /// <summary>Null while the store answers, else why it does not.</summary>
    public string? Reason
    {
        get
        {
            lock (_gate) return _reason;
        }
    }

    public bool IsUp => Reason is null;

    public void Succeeded()
    {
        lock (_gate)
        {
            if (_reason is null) return;
            if (_spoken) Log.StoreRecovered(log);
            _spoken = true;
            _failure = null;
            _reason = null;
        }
    }

    /// <summary>
    /// The store answers a question. That doesn't end a failure to write (a full disk answers too), unless it was the reason.
    /// </summary>
    public void Pinged()
    {
        lock (_gate)
        {
            if (_failure is null or StoreException { Error: StoreError.Unavailable }) Succeeded();
        }
    }

    public void Failed(Exception failure)
    {
        lock (_gate)
        {
            if (_reason is null || !_spoken) Log.StoreFailed(log, failure.Message);
            _spoken = true;
            _failure = failure;
            _reason = failure.Message;
        }
    }
}
