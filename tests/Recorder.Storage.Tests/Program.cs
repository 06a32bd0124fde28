using Xunit.Runner.InProc.SystemConsole;

namespace Recorder.Storage.Tests;

/// <summary>Runs the tests, or, started by <see cref="EmbeddedStore"/>, the engine.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is ["store", ..]) return EmbeddedEngineHost.Run(args);
        return args.Any(argument => argument is "--server" or "--internal-msbuild-node")
            ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(
                args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await ConsoleRunner.Run(args);
    }
}
