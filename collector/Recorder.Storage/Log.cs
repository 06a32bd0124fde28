using Microsoft.Extensions.Logging;

namespace Recorder.Storage;

/// <summary>Everything this assembly logs. Nothing recorded and no password is ever part of it.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 4001, EventName = "EngineReady", Level = LogLevel.Information,
        Message = "Embedded store answers (process {ProcessId}, 127.0.0.1:{Port})")]
    public static partial void EngineReady(ILogger logger, int processId, int port);

    [LoggerMessage(EventId = 4002, EventName = "EngineEnded", Level = LogLevel.Error,
        Message = "Embedded store ended by itself with code {ExitCode}; starting it again in {Delay}. It said: {Output}")]
    public static partial void EngineEnded(ILogger logger, int exitCode, string output, TimeSpan delay);

    [LoggerMessage(EventId = 4003, EventName = "EngineNotReady", Level = LogLevel.Error, Message = "Embedded store does not answer")]
    public static partial void EngineNotReady(ILogger logger, Exception failure);

    [LoggerMessage(EventId = 4004, EventName = "SupervisionFailed", Level = LogLevel.Critical,
        Message = "Embedded store is no longer supervised")]
    public static partial void SupervisionFailed(ILogger logger, Exception failure);
}
