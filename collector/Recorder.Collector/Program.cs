using System.Runtime.InteropServices;
using Recorder.Collector;
using Recorder.Collector.Configuration;
using Recorder.Storage;

const int Failed = 1;
const int WrongUsage = 2;

if (args is ["store", ..])
{
    // A terminal's Ctrl-C and a service manager's SIGTERM reach the whole group. The engine must outlive the collector's last
    // inserts, so it heeds only the end of its standard input.
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static context => context.Cancel = true);
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true);
    return EmbeddedEngineHost.Run(args);
}

try
{
    var command = CommandLine.Parse(args);
    switch (command.Verb)
    {
        case CommandVerb.Help:
            Console.Out.Write(HelpText.Usage());
            break;
        case CommandVerb.Version:
            Console.Out.WriteLine($"recorder-collector {HelpText.Version}");
            break;
        case CommandVerb.Migrate:
            await MigrateCommand.RunAsync(ConfigurationLayers.Resolve(command, Environment.GetEnvironmentVariables()));
            break;
        default:
            await CollectorRun.RunAsync(ConfigurationLayers.Resolve(command, Environment.GetEnvironmentVariables()));
            break;
    }

    return 0;
}
catch (ConfigurationError e)
{
    Console.Error.WriteLine($"recorder-collector: {e.Message}");
    return WrongUsage;
}
catch (CollectorFailure e)
{
    Console.Error.WriteLine($"recorder-collector: {e.Message}");
    return Failed;
}
