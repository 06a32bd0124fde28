using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Recorder.Cli.Api;
using Recorder.Cli.Output;
using Recorder.Cli.Sessions;

namespace Recorder.Cli.Playback;

/// <summary>How a session is to be played.</summary>
/// <param name="Speed">1 is real time, infinity waits for nothing.</param>
/// <param name="IdleLimit">Longest pause, null for none.</param>
/// <param name="From">Where to begin in played time.</param>
internal sealed record PlayOptions(double Speed, TimeSpan? IdleLimit, TimeSpan From);

/// <summary><c>recorder play</c>.</summary>
internal static class PlayCommand
{
    public static async Task<int> RunAsync(CommandContext context, string reference, PlayOptions options, CancellationToken cancellation)
    {
        JsonElement element = await SessionReference.FindAsync(context.Client, reference, cancellation);
        Session session = Session.From(element);
        Warn(context.Screen, session);
        var query = new FrameQuery(session.Id) { Types = "data,gap", Streams = session.Tty ? "out" : "out,err" };
        var sink = new TerminalSink(context.Screen.Output, context.Screen.Facts, context.Screen.Note);
        IPlayerKeys keys = context.Screen.Facts.Keys ? ConsoleKeys.Start(context.Time) : new NoKeys(context.Time);
        var clock = new PlaybackClock(context.Time, options.Speed);
        var player = new Player(() => new FrameFeed(context.Client, query, context.Time), sink, clock, keys, Nanoseconds(options.IdleLimit));
        using PosixSignalRegistration suspend = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, signal => signal.Cancel = true);
        try
        {
            await player.RunAsync(Nanoseconds(options.From) ?? 0, cancellation);
        }
        finally
        {
            sink.Close();
        }

        if (sink.Neutralised > 0)
            context.Screen.Note($"{Human.Count(sink.Neutralised, "control sequence was", "control sequences were")} not passed on to the terminal");
        return ExitCodes.Success;
    }

    private static long? Nanoseconds(TimeSpan? time) => time is { } value ? value.Ticks * 100 : null;

    private static void Warn(Screen screen, Session session)
    {
        if (session.Verdict is "GAPPED" or "UNPROVEN")
            screen.Note($"the recording is {session.Verdict}{Reasons(screen, session)}");
        if (session.Tty && session.Terminal is { Columns: { } columns, Rows: { } rows } && screen.Facts is { OutputColumns: { } width, OutputRows: { } height }
            && (columns != width || rows != height))
        {
            screen.Note(string.Create(CultureInfo.InvariantCulture, $"recorded at {columns}x{rows}, this window is {width}x{height}: lines may be broken differently"));
        }
    }

    private static string Reasons(Screen screen, Session session) =>
        session.Reasons is { Count: > 0 } reasons ? ": " + screen.Clean(string.Join("; ", reasons)) : "";
}
