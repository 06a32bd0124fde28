using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text.Json;
using Recorder.Cli;
using Recorder.Cli.Api;
using Recorder.Cli.CommandLine;
using Recorder.Cli.Output;

const string DefaultServer = "http://127.0.0.1:8470";

var output = new StandardOutput();
TextWriter error = Console.Error;
ParseResult parsed = RecorderCommand.Create(RunAsync).Parse(args);
if (parsed.Action is ParseErrorAction)
{
    string wrong = parsed.UnmatchedTokens is [{ } token, ..] ? $"'{token}' is not understood here" : parsed.Errors[0].Message;
    await error.WriteLineAsync($"recorder: {CleanText.Of(wrong)} (recorder --help says more)");
    return ExitCodes.Failure;
}

return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(2) });

async Task<int> RunAsync(ParseResult result, Func<CommandContext, CancellationToken, Task<int>> command, CancellationToken cancellation)
{
    try
    {
        using var client = new CollectorClient(ServerOf(result));
        return await command(new CommandContext(client, new Screen(output, error, ScreenFacts.Detect()), TimeProvider.System), cancellation);
    }
    catch (CommandFailedException e)
    {
        await error.WriteLineAsync($"recorder: {e.Message}");
        return e.ExitCode;
    }
    catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
    {
        return ExitCodes.Interrupted;
    }
    catch (BrokenPipeException)
    {
        return ExitCodes.Success;
    }
    catch (JsonException e)
    {
        await error.WriteLineAsync($"recorder: the collector's answer can't be understood: {CleanText.Of(e.Message)}");
        return ExitCodes.Failure;
    }
    catch (IOException e)
    {
        await error.WriteLineAsync($"recorder: {CleanText.Of(e.Message)}");
        return ExitCodes.Failure;
    }
}

static Uri ServerOf(ParseResult result)
{
    string? option = result.GetValue(RecorderCommand.Server);
    string? variable = Environment.GetEnvironmentVariable("RECORDER_SERVER");
    (string key, string value) = option is not null ? ("--server", option) : string.IsNullOrEmpty(variable) ? ("default", DefaultServer) : ("RECORDER_SERVER", variable);
    if (!Uri.TryCreate(value, UriKind.Absolute, out Uri? server) || server.Scheme is not ("http" or "https") || server.Host.Length == 0 || server.UserInfo.Length > 0)
        throw new CommandFailedException($"{key} {CleanText.Of(value)}: an http:// or https:// URL without user is allowed, such as {DefaultServer}");
    return new Uri(server.AbsoluteUri.EndsWith('/') ? server.AbsoluteUri : server.AbsoluteUri + "/");
}
