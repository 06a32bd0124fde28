using Recorder.Agent.Configuration;

namespace Recorder.Agent.Hosting;

/// <summary>What the agent can be asked to do, with each failure's exit code.</summary>
internal static class AgentCommands
{
    public static Task<ExitCode> RunAsync(AgentAction action, AgentOptions options) => action switch
    {
        _ => Task.FromResult(ExitCode.Success),
    };
}
