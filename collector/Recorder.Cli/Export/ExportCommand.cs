using System.Text.Json;
using Recorder.Cli.Api;
using Recorder.Cli.Output;
using Recorder.Cli.Sessions;

namespace Recorder.Cli.Export;

/// <summary>What to export.</summary>
/// <param name="Format">asciicast-v2, asciicast-v3, raw or json.</param>
/// <param name="Stream">in, out or err; null for what the format usually holds.</param>
/// <param name="Gaps">skip, zero or fail; of raw only.</param>
/// <param name="Output">File, null or - for standard output.</param>
/// <param name="Safe">Neutralise as the player does; of asciicast only.</param>
internal sealed record ExportOptions(string Format, string? Stream, string Gaps, string? Output, bool Safe);

/// <summary><c>recorder export</c>.</summary>
internal static class ExportCommand
{
    public static async Task<int> RunAsync(CommandContext context, string reference, ExportOptions options, CancellationToken cancellation)
    {
        Check(options, context.Screen);
        JsonElement session = await SessionReference.FindAsync(context.Client, reference, cancellation);
        if (options.Format == "raw")
            return await RawExport.RunAsync(context, Session.From(session), options, cancellation);
        await using ExportTarget target = ExportTarget.Open(context.Screen.Output, options.Output);
        if (options.Format == "json")
            await JsonExport.WriteAsync(context, session, options.Stream, target.Stream, cancellation);
        else
            await WriteAsciicastAsync(context, Session.From(session), options, target.Stream, cancellation);
        await target.CompleteAsync();
        return ExitCodes.Success;
    }

    private static void Check(ExportOptions options, Screen screen)
    {
        if (options.Gaps != "skip" && options.Format != "raw")
            throw new CommandFailedException($"--gaps {options.Gaps} needs --format raw: other formats say where gaps are");
        if (options is { Safe: true, Format: "raw" or "json" })
            throw new CommandFailedException($"--safe needs --format asciicast-v2 or asciicast-v3: {options.Format} is exact");
        if (options is { Format: "raw", Output: null } && screen.Facts.OutputColumns is not null)
            throw new CommandFailedException("raw bytes could harm your terminal: use --output FILE, --output - or a pipe; to watch, use recorder play");
    }

    private static async Task WriteAsciicastAsync(CommandContext context, Session session, ExportOptions options, Stream output, CancellationToken cancellation)
    {
        IAsciicastVersion version = options.Format == "asciicast-v2" ? new AsciicastV2() : new AsciicastV3();
        var cast = new Asciicast(output, version, new AsciicastSettings(session, options.Safe));
        var query = new FrameQuery(session.Id)
        {
            Types = "data,gap,resize,exec,session_end",
            Streams = options.Stream ?? (session.Tty ? "out" : "out,err"),
        };
        cast.Begin();
        await using var feed = new FrameFeed(context.Client, query, context.Time);
        while (await feed.NextAsync(cancellation) is { } frame)
            cast.Add(frame);
        cast.Finish();
    }
}
