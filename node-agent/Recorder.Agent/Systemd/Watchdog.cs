namespace Recorder.Agent.Systemd;

/// <summary>Sends signs of life at half of the manager's time-out, as long as <paramref name="isAlive"/> says that the work goes on.</summary>
internal sealed class Watchdog(ServiceNotifier notifier, Func<bool> isAlive, TimeProvider time)
{
    /// <summary>Runs until it is cancelled; returns at once when nobody watches.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (notifier.WatchdogTimeout is not TimeSpan timeout)
            return;
        using PeriodicTimer timer = new(timeout / 2, time);
        try
        {
            do
            {
                if (isAlive())
                    notifier.KickWatchdog();
            }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException)
        {
            // Stopping: the manager was told, and waits for the exit from now on.
        }
    }
}
