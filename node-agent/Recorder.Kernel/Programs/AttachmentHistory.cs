namespace Recorder.Kernel.Programs;

/// <summary>From when to when the stream programs were attached. Thread-safe. Times are boot time, nanoseconds.</summary>
internal sealed class AttachmentHistory
{
    private const int Kept = 32;

    private readonly Lock _gate = new();
    private readonly Queue<(ulong From, ulong To)> _past = new(Kept);
    private ulong _since;

    /// <summary>The begin of the present attachment; 0: they are not attached.</summary>
    public ulong Since => Volatile.Read(ref _since);

    public void Begin(ulong time)
    {
        lock (_gate)
            Volatile.Write(ref _since, time);
    }

    /// <summary>Call it before the first program is detached.</summary>
    public void End(ulong time)
    {
        lock (_gate)
        {
            if (_since == 0)
                return;
            if (_past.Count == Kept)
                _past.Dequeue();
            _past.Enqueue((_since, time));
            Volatile.Write(ref _since, 0);
        }
    }

    public bool Covers(ulong time)
    {
        lock (_gate)
        {
            if (_since != 0 && time >= _since)
                return true;
            foreach ((ulong from, ulong to) in _past)
            {
                if (time >= from && time < to)
                    return true;
            }
            return false;
        }
    }
}
