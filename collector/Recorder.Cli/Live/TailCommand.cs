using System.Text.Json;
using Recorder.Cli.Api;
using Recorder.Cli.Output;
using Recorder.Cli.Playback;
using Recorder.Cli.Sessions;

namespace Recorder.Cli.Live;

/// <summary><c>recorder tail</c>: what happens now.</summary>
internal static class TailCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Sessions as they start and end, until Ctrl-C.</summary>
    public static async Task<int> WatchAsync(CommandContext context, SessionFilter filter, bool json, CancellationToken cancellation)
    {
        var watch = new SessionWatch(context.Client, filter);
        bool reachable = true;
        while (true)
        {
            try
            {
                foreach (SessionEvent change in await watch.PollAsync(cancellation))
                    Write(context, change, json);
                reachable = true;
            }
            catch (CommandFailedException e) when (watch.HasBegun && e is UnreachableException or ProblemException { IsPassing: true })
            {
                if (reachable)
                    context.Screen.Note($"{e.Message}; trying again");
                reachable = false;
            }

            await Task.Delay(Interval, context.Time, cancellation);
        }
    }

    /// <summary>The output of one session, from its beginning and on to its end.</summary>
    public static async Task<int> FollowAsync(CommandContext context, string reference, bool json, CancellationToken cancellation)
    {
        Session session = Session.From(await SessionReference.FindAsync(context.Client, reference, cancellation));
        var query = new FrameQuery(session.Id) { Types = json ? null : "data,gap", Streams = json ? null : session.Tty ? "out" : "out,err", Follow = true };
        await using var feed = new FrameFeed(context.Client, query, context.Time);
        var sink = new TerminalSink(context.Screen.Output, context.Screen.Facts, context.Screen.Note);
        try
        {
            while (await feed.NextAsync(cancellation) is { } frame)
                Show(context, sink, frame, json);
        }
        finally
        {
            sink.Close();
        }

        if (!json)
            await NoteEndAsync(context, session.Id, cancellation);
        return ExitCodes.Success;
    }

    private static void Show(CommandContext context, TerminalSink sink, FrameLine frame, bool json)
    {
        if (json)
        {
            using JsonDocument line = JsonDocument.Parse(frame.Raw);
            JsonLines.WriteLine(context.Screen.Output, line.RootElement.WriteTo);
            return;
        }

        sink.Show(frame);
        sink.Flush();
    }

    private static async Task NoteEndAsync(CommandContext context, string id, CancellationToken cancellation)
    {
        using JsonDocument document = await context.Client.GetAsync($"api/v1/sessions/{id}", cancellation);
        Session session = Session.From(document.RootElement);
        string exit = session.IsEnded ? $"ended, exit {Human.Exit(session.ExitCode, session.Signal)}" : session.State ?? "open";
        context.Screen.Note($"{id} {context.Screen.Clean(exit)}, {context.Screen.Clean(session.Verdict)}");
    }

    private static void Write(CommandContext context, SessionEvent change, bool json)
    {
        if (json)
        {
            JsonLines.WriteLine(context.Screen.Output, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("event", change.Name);
                writer.WritePropertyName("session");
                change.Session.WriteTo(writer);
                writer.WriteEndObject();
            });
            return;
        }

        context.Screen.WriteLine(Format(context.Screen, change));
    }

    /// <summary>One change as one line.</summary>
    internal static string Format(Screen screen, SessionEvent change)
    {
        Session session = Session.From(change.Session);
        DateTimeOffset? time = change.Name == "ended" ? session.Ended : session.Started;
        string end = change.Name == "ended"
            ? $"  exit {Human.Exit(session.ExitCode, session.Signal)} after {Human.Duration(session.Ended - session.Started)}, {screen.Clean(session.Verdict)}"
            : "";
        string line = $"{Human.Time(time)}  {change.Name,-7}  {screen.Clean(session.Id)}  {screen.Clean(SessionTable.Where(session))}  {screen.CleanCommand(session.Command)}{end}";
        return screen.Facts.OutputColumns is { } columns && end.Length == 0 ? CellText.Fit(line, columns, screen.Facts.Unicode) : line;
    }
}
