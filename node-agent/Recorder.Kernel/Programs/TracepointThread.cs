namespace Recorder.Kernel.Programs;

/// <summary>
/// Attaches and detaches the programs on classic tracepoints on a thread of its own: the kernel waits for a grace
/// period when one is detached (60 to 100 ms each), and one that is attached meanwhile waits as long. The ring's thread
/// must not.
/// </summary>
internal sealed class TracepointThread
{
    private readonly LinkGroup _links;
    private readonly Func<string?> _pinDirectory;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private bool _wanted;
    private bool _applied;
    private bool _stop;

    public TracepointThread(LinkGroup links, Func<string?> pinDirectory)
    {
        _links = links;
        _pinDirectory = pinDirectory;
        _thread = new Thread(Run) { IsBackground = true, Name = "recorder tracepoints" };
    }

    public void Start() => _thread.Start();

    /// <summary>Asks for a state and returns at once.</summary>
    public void Want(bool attached)
    {
        lock (_gate)
        {
            _wanted = attached;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until what was asked for is done.</summary>
    public void Settle()
    {
        lock (_gate)
        {
            while (_applied != _wanted && _thread.IsAlive)
                Monitor.Wait(_gate, 100);
        }
    }

    /// <summary>Ends the thread after what was asked for is done.</summary>
    public void Stop()
    {
        if (!_thread.IsAlive)
            return;
        Settle();
        lock (_gate)
        {
            _stop = true;
            Monitor.PulseAll(_gate);
        }
        _thread.Join();
    }

    private void Run()
    {
        while (NextState() is { } attached)
        {
            if (attached)
                _links.Attach(_pinDirectory);
            else
                _links.Detach(_pinDirectory);
            lock (_gate)
            {
                _applied = attached;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>The state to reach, or null at the end.</summary>
    private bool? NextState()
    {
        lock (_gate)
        {
            while (_applied == _wanted && !_stop)
                Monitor.Wait(_gate);
            return _stop ? null : _wanted;
        }
    }
}
