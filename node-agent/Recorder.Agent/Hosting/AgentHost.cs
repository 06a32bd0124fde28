using Microsoft.Extensions.Logging;
using Recorder.Agent.Configuration;
using Recorder.Agent.Identity;
using Recorder.Agent.Instance;
using Recorder.Agent.Systemd;
using Recorder.Kernel;

namespace Recorder.Agent.Hosting;

/// <summary>The running agent: from taking its state directory to the last acknowledgement.</summary>
internal sealed class AgentHost(AgentOptions options, ILogger logger)
{
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(10);

    /// <summary>Runs until a signal comes or a part fails.</summary>
    /// <exception cref="InstanceException">The state directory is in use or broken.</exception>
    /// <exception cref="CaptureException">The kernel programs can't be used here.</exception>
    public async Task<ExitCode> RunAsync()
    {
        using StopSignals signals = new();
        using AgentInstance instance = AgentInstance.Open(options.State);
        PinnedInstances pinned = new(
            Path.Combine(options.Bpffs, "recorder"), PinnedInstances.RuntimeDirectory, KernelCapture.Uninstall, TimeProvider.System, logger);
        using FileLock claim = pinned.Claim(instance.Origin);
        pinned.RemoveAbandoned(instance.Origin);
        instance.BeginEpoch(DateTimeOffset.UtcNow);
        logger.Starting(Program.Version, instance.Origin, instance.Epoch, options.State);
        if (!options.CollectorIsLoopback)
            logger.PlaintextBeyondLoopback(options.Collector.Host);

        using ServiceNotifier notifier = ServiceNotifier.FromEnvironment(Environment.GetEnvironmentVariable);
        ExitCode code = await CaptureAsync(instance, signals, notifier);
        if (options.OnStop == StopAction.Detach)
            RemoveEmpty(PinDirectory(options, instance.Origin));
        claim.Touch(DateTimeOffset.UtcNow);
        return code;
    }

    private async Task<ExitCode> CaptureAsync(AgentInstance instance, StopSignals signals, ServiceNotifier notifier)
    {
        using KernelCapture capture = KernelCapture.Open(CaptureOptionsFrom(options, instance.Origin), Report);
        IdentityService identity = IdentityService.From(options, TimeProvider.System, logger);
        using AgentPipeline pipeline = new(options, instance, capture, identity, notifier, logger);
        pipeline.Start();
        notifier.Ready();
        logger.Ready();
        return await RunUntilStoppedAsync(pipeline, signals, notifier);
    }

    private async Task<ExitCode> RunUntilStoppedAsync(AgentPipeline pipeline, StopSignals signals, ServiceNotifier notifier)
    {
        using CancellationTokenSource stopping = new();
        Task watching = new Watchdog(notifier, () => pipeline.IsAlive(SignOfLife), TimeProvider.System).RunAsync(stopping.Token);
        bool asked = await Task.WhenAny(signals.Received, pipeline.WhenAnyEndedAsync()) == signals.Received;
        notifier.Stopping(options.DrainTimeout + SignOfLife);
        logger.Stopping(asked ? await signals.Received : "a part of the agent failed", options.OnStop.ToString().ToLowerInvariant());
        bool stopped = asked && await TryStopAsync(pipeline);
        if (!stopped)
            pipeline.Abort();
        await stopping.CancelAsync();
        await watching;
        return stopped ? ExitCode.Success : ExitCode.RuntimeFailure;
    }

    private static async Task<bool> TryStopAsync(AgentPipeline pipeline)
    {
        try
        {
            await pipeline.StopAsync();
            return true;
        }
#pragma warning disable CA1031 // A loop that failed while the agent stopped has logged why; what is left is to end all the same.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private void Report(CaptureNotice notice)
    {
        string kind = notice.Kind.ToString();
        if (notice.Kind is CaptureNoticeKind.Adopted or CaptureNoticeKind.PinsRemoved or CaptureNoticeKind.LayoutRetired)
            logger.CaptureFact(kind, notice.Subject, notice.Detail);
        else
            logger.CaptureWarning(kind, notice.Subject, notice.Detail);
    }

    // Capture took its pins out; the directory that was made for them is left, and nobody misses it.
    private static void RemoveEmpty(string directory)
    {
        if (Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any())
            Directory.Delete(directory);
    }

    private static CaptureOptions CaptureOptionsFrom(AgentOptions options, Guid origin) => new()
    {
        RingBytes = (int)options.RingBytes,
        WakeBytes = (int)Math.Min(1 << 20, options.RingBytes / 8),
        Mode = options.Capture,
        HostTerminals = options.HostTerminals,
        MaskEchoOff = options.MaskEchoOff,
        PinDirectory = PinDirectory(options, origin),
        MountBpffs = true,
        Linger = options.Linger,
        RealTimePriority = options.RealTime ? new CaptureOptions().RealTimePriority : 0,
    };

    internal static string PinDirectory(AgentOptions options, Guid origin) =>
        options.PinDirectory ?? Path.Combine(options.Bpffs, "recorder", origin.ToString());
}
