using System.Runtime.InteropServices;
using Recorder.Collector.Configuration;
using Recorder.Collector.Diagnostics;

namespace Recorder.Collector;

/// <summary>One life of the process: start, run until a signal or a failure, stop.</summary>
internal static class CollectorRun
{
    /// <returns>The exit status.</returns>
    /// <exception cref="CollectorFailure">It can't start or go on.</exception>
    public static async Task RunAsync(CollectorOptions options)
    {
        using var logs = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(options.LogLevel)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddSimpleConsole(static console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
                console.ColorBehavior = Microsoft.Extensions.Logging.Console.LoggerColorBehavior.Disabled;
            }));
        var log = logs.CreateLogger("recorder-collector");
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        await using var notifier = ServiceNotifier.FromEnvironment();
        await using var host = new CollectorHost(options, logs);
        try
        {
            await host.StartAsync(stop.Token);
            notifier.Ready(() => host.IsAlive, TimeProvider.System);
            await await Task.WhenAny(host.Failed, Task.Delay(Timeout.Infinite, stop.Token));
            throw new CollectorFailure("a part of the collector ended by itself");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Log.Stopping(log, "a signal");
        }
        catch (Exception e) when (e is not CollectorFailure)
        {
            Log.PartFailed(log, e, "a part");
            throw new CollectorFailure($"a part of the collector failed: {e.Message}", e);
        }
        finally
        {
            notifier.Stopping();
        }
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true;
        stop.Cancel();
    }
}
