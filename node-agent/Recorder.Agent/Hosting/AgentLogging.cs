using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Recorder.Agent.Hosting;

/// <summary>Logs to standard error. The console's own thread writes, so that no thread of the pipeline waits for a terminal.</summary>
internal static class AgentLogging
{
    /// <summary>Disposing the factory writes what is still queued.</summary>
    public static ILoggerFactory Create(LogLevel threshold, TimeProvider time) => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(threshold);
        builder.Services.AddSingleton(time);
        builder.AddConsoleFormatter<ConsoleLineFormatter, ConsoleFormatterOptions>();
        builder.AddConsole(console =>
        {
            console.FormatterName = ConsoleLineFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
    });
}
