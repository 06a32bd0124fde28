using Microsoft.Extensions.Logging;

namespace Recorder.Agent;

/// <summary>Every message of the agent. Nothing that was captured (bytes, arguments, tokens) is ever a parameter.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "recorder-agent {Version}, origin {Origin}, epoch {Epoch}, state {State}")]
    public static partial void Starting(this ILogger logger, string version, Guid origin, Guid epoch, string state);

    [LoggerMessage(2, LogLevel.Information, "ready")]
    public static partial void Ready(this ILogger logger);

    [LoggerMessage(3, LogLevel.Information, "stopping: {Reason}; kernel programs: {OnStop}")]
    public static partial void Stopping(this ILogger logger, string reason, string onStop);

    [LoggerMessage(4, LogLevel.Information, "stopped; everything was acknowledged")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(5, LogLevel.Warning, "stopped with {Frames} frames ({Bytes} bytes) that the collector had not acknowledged within {Limit}: they are lost")]
    public static partial void StoppedUndrained(this ILogger logger, long frames, long bytes, TimeSpan limit);

    [LoggerMessage(6, LogLevel.Critical, "{Loop} failed; the agent stops")]
    public static partial void LoopFailed(this ILogger logger, string loop, Exception failure);

    [LoggerMessage(7, LogLevel.Warning, "frames travel unencrypted to {Host}: plaintext=any is set")]
    public static partial void PlaintextBeyondLoopback(this ILogger logger, string host);

    [LoggerMessage(10, LogLevel.Information, "removed the kernel programs pinned in {Directory}: their agent is gone")]
    public static partial void AbandonedPinsRemoved(this ILogger logger, string directory);

    [LoggerMessage(11, LogLevel.Warning, "could not remove the pins in {Directory}: {Reason}")]
    public static partial void AbandonedPinsKept(this ILogger logger, string directory, string reason);

    [LoggerMessage(12, LogLevel.Information, "left the pins in {Directory} alone: nothing here tells whose they are")]
    public static partial void ForeignPins(this ILogger logger, string directory);

    [LoggerMessage(20, LogLevel.Information, "{Kind}: {Subject}: {Detail}")]
    public static partial void CaptureFact(this ILogger logger, string kind, string subject, string detail);

    [LoggerMessage(21, LogLevel.Warning, "{Kind}: {Subject}: {Detail}")]
    public static partial void CaptureWarning(this ILogger logger, string kind, string subject, string detail);

    [LoggerMessage(30, LogLevel.Information, "connected to collector {Collector}; it has frames up to {Resume}, {Queued} bytes wait")]
    public static partial void CollectorConnected(this ILogger logger, string collector, ulong resume, long queued);

    [LoggerMessage(31, LogLevel.Warning, "collector {Collector} can't be reached: {Reason}; recording goes on within {Bound} bytes, retrying")]
    public static partial void CollectorUnreachable(this ILogger logger, string collector, string reason, long bound);

    [LoggerMessage(32, LogLevel.Warning, "connection to collector {Collector} ended: {Reason}; retrying")]
    public static partial void CollectorLost(this ILogger logger, string collector, string reason);

    [LoggerMessage(33, LogLevel.Warning, "collector {Collector} refuses for now: {Code}: {Reason}; retrying")]
    public static partial void CollectorRefusesForNow(this ILogger logger, string collector, string code, string reason);

    [LoggerMessage(34, LogLevel.Error, "collector {Collector} refuses: {Code}: {Reason}; recording goes on within {Bound} bytes, retrying slowly")]
    public static partial void CollectorRefuses(this ILogger logger, string collector, string code, string reason, long bound);

    [LoggerMessage(35, LogLevel.Warning, "collector {Collector} has frames up to {Resume}, but acknowledged up to {Acknowledged}: its store was lost or replaced; a new epoch begins")]
    public static partial void CollectorForgot(this ILogger logger, string collector, ulong resume, ulong acknowledged);

    [LoggerMessage(36, LogLevel.Information, "epoch {Epoch} follows {Previous}")]
    public static partial void EpochBegun(this ILogger logger, Guid epoch, Guid previous);

    [LoggerMessage(40, LogLevel.Warning, "the queue of {Bound} bytes is full: stream bytes are being replaced by gaps")]
    public static partial void QueueFull(this ILogger logger, long bound);

    [LoggerMessage(41, LogLevel.Information, "the queue has room again: {Bytes} stream bytes became gaps")]
    public static partial void QueueRecovered(this ILogger logger, long bytes);

    [LoggerMessage(42, LogLevel.Error, "{Count} frames of type {Type} could not be kept: the queue's reserve is full")]
    public static partial void FramesLost(this ILogger logger, long count, string type);

    [LoggerMessage(50, LogLevel.Error, "{Count} writes of the sessions' state failed, the last: {Reason}; a restarted agent will know less of them")]
    public static partial void SessionStoreFailing(this ILogger logger, long count, string reason);

    [LoggerMessage(60, LogLevel.Information, "neither a kubelet nor an API server is configured: probes can't be told from exec sessions and are recorded as such")]
    public static partial void ProbesUnknown(this ILogger logger);

    [LoggerMessage(61, LogLevel.Warning, "the pods of this node can't be read: {Reason}; probes are not recognised until then")]
    public static partial void PodSpecsUnavailable(this ILogger logger, string reason);

    [LoggerMessage(62, LogLevel.Information, "the pods of this node can be read again: {Count}")]
    public static partial void PodSpecsRead(this ILogger logger, int count);

    [LoggerMessage(63, LogLevel.Warning, "a container's identity could not be found out")]
    public static partial void IdentityFailed(this ILogger logger, Exception failure);

    [LoggerMessage(64, LogLevel.Warning, "container {Container} can't be recorded: {Reason}")]
    public static partial void Unrecordable(this ILogger logger, string reason, string container);
}
