using Microsoft.Extensions.Logging;
using Recorder.Agent.Check;
using Recorder.Agent.Configuration;
using Recorder.Agent.Instance;
using Recorder.Kernel;

namespace Recorder.Agent.Hosting;

/// <summary>What the agent can be asked to do, with each failure's exit code.</summary>
internal static class AgentCommands
{
    public static Task<ExitCode> RunAsync(AgentAction action, AgentOptions options) => action switch
    {
        AgentAction.Check => Task.FromResult(Check(options)),
        AgentAction.Uninstall => Task.FromResult(Uninstall(options)),
        _ => RunAgentAsync(options),
    };

    private static async Task<ExitCode> RunAgentAsync(AgentOptions options)
    {
        if (KernelCapture.MissingCapabilities() is { Count: > 0 } missing)
            return Fail(ExitCode.MissingPrivileges, Privileges(missing));
        using ILoggerFactory logging = AgentLogging.Create(options.LogLevel, TimeProvider.System);
        try
        {
            return await new AgentHost(options, logging.CreateLogger("Recorder.Agent")).RunAsync();
        }
        catch (MissingCapabilitiesException failure)
        {
            return Fail(ExitCode.MissingPrivileges, Privileges(failure.Missing));
        }
        catch (InstanceException failure)
        {
            return Fail(ExitCode.RuntimeFailure, failure.Message);
        }
        catch (CaptureException failure)
        {
            return ExplainCapture(failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Fail(ExitCode.RuntimeFailure, failure.Message);
        }
    }

    // A kernel that lacks something is told from everything else by asking for each program alone, which also names all that is missing.
    private static ExitCode ExplainCapture(CaptureException failure)
    {
        Console.Error.WriteLine("recorder-agent: " + failure.Message);
        try
        {
            IReadOnlyList<string> missing = MissingFeatures.Of(KernelCapture.Check());
            foreach (string feature in missing)
                Console.Error.WriteLine("recorder-agent: this kernel can't be recorded: " + feature);
            return missing.Count > 0 ? ExitCode.UnsupportedKernel : ExitCode.RuntimeFailure;
        }
        catch (CaptureException)
        {
            // Not the kernel: libbpf itself is missing, say, and the first message said so.
            return ExitCode.RuntimeFailure;
        }
    }

    private static ExitCode Check(AgentOptions options)
    {
        CheckReport report;
        try
        {
            report = KernelCapture.Check();
        }
        catch (CaptureException failure)
        {
            return Fail(ExitCode.RuntimeFailure, failure.Message);
        }

        foreach (string line in report.Lines().Concat(RuntimeSurvey.Lines(options)))
            Console.WriteLine(line);
        if (report.MissingCapabilities.Count > 0)
            return Fail(ExitCode.MissingPrivileges, Privileges(report.MissingCapabilities));
        return report.Usable ? ExitCode.Success : ExitCode.UnsupportedKernel;
    }

    private static ExitCode Uninstall(AgentOptions options)
    {
        if (AgentInstance.FindOrigin(options.State) is not Guid origin)
        {
            Console.WriteLine($"no agent ever ran with state {options.State}: nothing to remove");
            return ExitCode.Success;
        }

        string directory = AgentHost.PinDirectory(options, origin);
        if (!Directory.Exists(directory))
        {
            Console.WriteLine($"nothing is pinned in {directory}");
            return ExitCode.Success;
        }

        try
        {
            string[] pins = Directory.GetFiles(directory, "*", SearchOption.AllDirectories);
            KernelCapture.Uninstall(directory);
            foreach (string pin in pins.Where(pin => !File.Exists(pin)).Order(StringComparer.Ordinal))
                Console.WriteLine("removed " + pin);
            return ExitCode.Success;
        }
        catch (Exception failure) when (failure is CaptureException or IOException or UnauthorizedAccessException)
        {
            return Fail(ExitCode.RuntimeFailure, failure.Message);
        }
    }

    private static string Privileges(IReadOnlyList<string> missing) =>
        $"recording needs {string.Join(", ", missing)}: run as root, or grant them";

    private static ExitCode Fail(ExitCode code, string message)
    {
        Console.Error.WriteLine("recorder-agent: " + message);
        return code;
    }
}
