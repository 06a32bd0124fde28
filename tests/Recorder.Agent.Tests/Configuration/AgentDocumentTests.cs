using System.Runtime.CompilerServices;
using Recorder.Agent.Configuration;

namespace Recorder.Agent.Tests.Configuration;

public sealed class AgentDocumentTests
{
    [Fact]
    public void AgentDocument_EverySetting_IsInItsTableWithItsDefault()
    {
        string document = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../docs/agent.md"));

        foreach (Setting setting in AgentSettings.All)
        {
            string row = document.Split('\n').Single(line => line.StartsWith($"| `{setting.Name}` |", StringComparison.Ordinal));
            row.ShouldEndWith($"| {setting.DefaultText?.Replace("<instance>", "&lt;instance&gt;", StringComparison.Ordinal)} |");
        }
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
