using System.Globalization;
using Recorder.Kernel.Interop;

namespace Recorder.Kernel.Ring;

/// <summary>The thread that reads the ring. It never touches disk or network.</summary>
internal sealed class RingThread
{
    private const int BatchRecords = 4096;

    private readonly RingReader _reader;
    private readonly RingWait _wait;
    private readonly IKernelEventHandler _handler;
    private readonly Func<int> _tick;
    private readonly Action<CaptureNotice> _notice;
    private readonly int _priority;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _scheduled = new();
    private readonly Thread _thread;
    private volatile bool _stop;
    private long _pollFailures;

    /// <param name="reader">The ring.</param>
    /// <param name="wait">Its wake-ups.</param>
    /// <param name="handler">Takes the records.</param>
    /// <param name="tick">Called between batches; returns for how many milliseconds to sleep at most.</param>
    /// <param name="notice">For the log.</param>
    /// <param name="priority">SCHED_FIFO priority; 0: none.</param>
    public RingThread(
        RingReader reader, RingWait wait, IKernelEventHandler handler, Func<int> tick, Action<CaptureNotice> notice, int priority)
    {
        _reader = reader;
        _wait = wait;
        _handler = handler;
        _tick = tick;
        _notice = notice;
        _priority = priority;
        _thread = new Thread(Run) { IsBackground = true, Name = "recorder ring" };
    }

    public Task Completion => _completion.Task;

    public bool RealTime { get; private set; }

    public long PollFailures => Volatile.Read(ref _pollFailures);

    /// <summary>Returns once the thread runs with the priority it could get.</summary>
    public void Start()
    {
        _thread.Start();
        _scheduled.Task.GetAwaiter().GetResult();
    }

    /// <summary>Ends the thread after what is in the ring was handled.</summary>
    public void Stop()
    {
        _stop = true;
        _wait.Interrupt();
        _thread.Join();
    }

    private void Run()
    {
        try
        {
            RealTime = _priority > 0 && RaisePriority();
            _scheduled.TrySetResult();
            Loop();
            _completion.SetResult();
        }
#pragma warning disable CA1031 // the thread's end is told through Completion, whatever ended it
        catch (Exception e)
#pragma warning restore CA1031
        {
            _scheduled.TrySetResult();
            _completion.SetException(e);
        }
    }

    private void Loop()
    {
        while (true)
        {
            bool last = _stop; // read first: what was submitted before the stop is still drained
            int read = _reader.Drain(_handler, BatchRecords);
            int sleep = _tick();
            _reader.Idle(_handler);
            if (read == BatchRecords)
                continue;
            if (last)
                return;
            if (_reader.IsDrained() && !_wait.Wait(sleep))
                PollFailed(sleep);
        }
    }

    private void PollFailed(int sleep)
    {
        _pollFailures++;
        Thread.Sleep(sleep); // still read, by time alone
    }

    private unsafe bool RaisePriority()
    {
        int priority = _priority;
        if (LibC.SetScheduler(0, LibC.SchedFifo, &priority) == 0)
            return true;
        _notice(new(CaptureNoticeKind.NotRealTime, "SCHED_FIFO " + priority.ToString(CultureInfo.InvariantCulture), Errno.DescribeLast()));
        return false;
    }
}
