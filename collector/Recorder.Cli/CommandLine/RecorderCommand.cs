using System.CommandLine;
using Recorder.Cli.Export;
using Recorder.Cli.Live;
using Recorder.Cli.Nodes;
using Recorder.Cli.Playback;
using Recorder.Cli.Search;
using Recorder.Cli.Sessions;

namespace Recorder.Cli.CommandLine;

/// <summary>Runs a command with its context made from the options that all commands share.</summary>
internal delegate Task<int> Runner(ParseResult result, Func<CommandContext, CancellationToken, Task<int>> command, CancellationToken cancellation);

/// <summary>The commands and their options.</summary>
internal sealed class RecorderCommand
{
    private const int GrepLimit = 1000;

    private readonly Runner _run;

    private RecorderCommand(Runner run) => _run = run;

    /// <summary>The collector to talk to.</summary>
    public static Option<string?> Server { get; } = new("--server")
    {
        Description = "The collector's URL (default: RECORDER_SERVER, else http://127.0.0.1:8470)",
        HelpName = "URL",
        Recursive = true,
    };

    public static RootCommand Create(Runner run)
    {
        var commands = new RecorderCommand(run);
        return new RootCommand(
            """
            Lists, shows, plays, exports and searches recorded sessions.

            Exit codes: 0 done; 1 the answer is no (grep without a hit, no such session, gaps with export --gaps fail); 2 wrong usage or failure; 130 Ctrl-C.
            """)
        {
            Server,
            commands.Sessions(),
            commands.Show(),
            commands.Play(),
            commands.Export(),
            commands.Grep(),
            commands.Tail(),
            commands.NodesList(),
            Version(),
        };
    }

    private Command Sessions()
    {
        var filter = new FilterOptions();
        Option<int?> limit = Values.Limit($"Most sessions (default: {SessionsCommand.StandardLimit} as a table, all as JSON)", null);
        Option<bool> json = Values.Json("An array of sessions as JSON, with whole ids");
        var command = new Command("sessions", "List sessions, newest first") { limit, json };
        filter.AddTo(command);
        command.SetAction((result, cancellation) => _run(
            result,
            (context, token) => SessionsCommand.RunAsync(context, filter.Read(result), result.GetValue(limit), result.GetValue(json), token),
            cancellation));
        return command;
    }

    private Command Show()
    {
        Argument<string> id = Values.Session();
        Option<bool> json = Values.Json("The session with its processes and connections as JSON");
        var command = new Command("show", "Show a session: facts, processes, connections, streams, verdict") { id, json };
        command.SetAction((result, cancellation) => _run(result, (context, token) => ShowCommand.RunAsync(context, result.GetRequiredValue(id), result.GetValue(json), token), cancellation));
        return command;
    }

    private Command Play()
    {
        Argument<string> id = Values.Session();
        Option<double> speed = Values.Speed();
        Option<TimeSpan?> idle = Values.Span("--idle-limit", "Longest pause to wait for");
        Option<TimeSpan?> from = Values.Span("--from", "Where to begin; what came before is shown at once");
        var command = new Command("play", "Play a session. Keys: space pause, . step while paused, left and right seek 5 s, + and - speed, q quit") { id, speed, idle, from };
        command.SetAction((result, cancellation) => _run(
            result,
            (context, token) => PlayCommand.RunAsync(
                context, result.GetRequiredValue(id), new PlayOptions(result.GetValue(speed), result.GetValue(idle), result.GetValue(from) ?? TimeSpan.Zero), token),
            cancellation));
        return command;
    }

    private Command Export()
    {
        Argument<string> id = Values.Session();
        Option<string?> format = Values.OneOf("--format", "What to write", null, "asciicast-v2", "asciicast-v3", "raw", "json");
        format.Required = true;
        format.DefaultValueFactory = null;
        Option<string?> stream = Values.Streams("Which streams (default: out, or out and err without a terminal; raw: one, out; json: all)");
        Option<string?> gaps = Values.OneOf("--gaps", "What raw puts where bytes are missing", "skip", "skip", "zero", "fail");
        Option<string?> output = new("--output", "-o") { Description = "File to write, - for standard output (default)", HelpName = "FILE" };
        Option<bool> safe = new("--safe") { Description = "Leave out of an asciicast what play does not pass on to the terminal" };
        var command = new Command("export", "Write a session as a file") { id, format, stream, gaps, output, safe };
        command.SetAction((result, cancellation) => _run(
            result,
            (context, token) => ExportCommand.RunAsync(
                context,
                result.GetRequiredValue(id),
                new ExportOptions(result.GetRequiredValue(format)!, result.GetValue(stream), result.GetValue(gaps) ?? "skip", result.GetValue(output), result.GetValue(safe)),
                token),
            cancellation));
        return command;
    }

    private Command Grep()
    {
        var filter = new FilterOptions();
        Argument<string> pattern = new("PATTERN") { Description = "A regular expression (RE2)" };
        Option<bool> plain = new("--fixed-strings", "-F") { Description = "The pattern is plain text" };
        Option<bool> ignoreCase = new("--ignore-case", "-i") { Description = "Upper and lower case are the same" };
        Option<string?> stream = Values.Streams("Which streams (default: out,err)");
        Option<int?> limit = Values.Limit("Most hits", GrepLimit);
        Option<bool> json = Values.Json("A hit a line as JSON");
        var command = new Command("grep", "Search recorded output. Exits with 0 for a hit, 1 for none, 2 for a failure") { pattern, plain, ignoreCase, stream, limit, json };
        filter.AddTo(command);
        command.SetAction((result, cancellation) => _run(
            result,
            (context, token) => GrepCommand.RunAsync(
                context,
                filter.Read(result),
                new GrepOptions(result.GetRequiredValue(pattern), result.GetValue(plain), result.GetValue(ignoreCase), result.GetValue(stream), result.GetValue(limit) ?? GrepLimit),
                result.GetValue(json),
                token),
            cancellation));
        return command;
    }

    private Command Tail()
    {
        var filter = new FilterOptions();
        var id = new Argument<string?>("ID") { Description = "Follow this session's output to its end; without it, list sessions as they start and end", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> json = Values.Json("A change or a frame a line as JSON");
        var command = new Command("tail", "Watch what happens now") { id, json };
        filter.AddTo(command);
        command.SetAction((result, cancellation) => _run(
            result,
            (context, token) => result.GetValue(id) is { } reference
                ? TailCommand.FollowAsync(context, reference, result.GetValue(json), token)
                : TailCommand.WatchAsync(context, filter.Read(result), result.GetValue(json), token),
            cancellation));
        return command;
    }

    private Command NodesList()
    {
        Option<bool> json = Values.Json("An array of nodes as JSON");
        var command = new Command("nodes", "List the nodes that record, and what they can't record") { json };
        command.SetAction((result, cancellation) => _run(result, (context, token) => NodesCommand.RunAsync(context, result.GetValue(json), token), cancellation));
        return command;
    }

    private static Command Version()
    {
        var command = new Command("version", "Show the version");
        command.SetAction(result =>
        {
            result.InvocationConfiguration.Output.WriteLine($"recorder {ProductVersion.Full}");
            return ExitCodes.Success;
        });
        return command;
    }
}
