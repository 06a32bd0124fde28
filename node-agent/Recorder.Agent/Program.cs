using System.Reflection;
using Recorder.Agent.Configuration;
using Recorder.Agent.Hosting;

namespace Recorder.Agent;

/// <summary>Reads the command line and does what it asks for.</summary>
internal static class Program
{
    public static string Version { get; } =
        typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static async Task<int> Main(string[] arguments)
    {
        CommandLineReader commandLine = CommandLineReader.Read(arguments);
        if (commandLine.Action is AgentAction.Help or AgentAction.Version)
        {
            await Console.Out.WriteLineAsync(commandLine.Action is AgentAction.Help ? HelpText.Write() : "recorder-agent " + Version);
            return (int)ExitCode.Success;
        }

        try
        {
            AgentOptions options = OptionsReader.Read(commandLine, Environment.GetEnvironmentVariables());
            return (int)await AgentCommands.RunAsync(commandLine.Action, options);
        }
        catch (ConfigurationException failure)
        {
            foreach (string problem in failure.Problems)
                await Console.Error.WriteLineAsync("recorder-agent: " + problem);
            return (int)ExitCode.Usage;
        }
    }
}
