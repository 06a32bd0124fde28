using System.Text.Json;
using Recorder.Cli.Api;
using Recorder.Cli.Output;

namespace Recorder.Cli.Export;

/// <summary>
/// All frames as lines of JSON: the first line is the session, the last says how many frames stood between, so that a cut file shows. Documented in
/// docs/cli.md.
/// </summary>
internal static class JsonExport
{
    private const int Version = 1;

    public static async Task WriteAsync(CommandContext context, JsonElement session, string? stream, Stream output, CancellationToken cancellation)
    {
        JsonLines.WriteLine(output, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type", "recording");
            writer.WriteNumber("version", Version);
            writer.WritePropertyName("session");
            session.WriteTo(writer);
            writer.WriteEndObject();
        });
        var query = new FrameQuery(session.GetProperty("id").GetString()!) { Streams = stream };
        long frames = 0;
        await using var feed = new FrameFeed(context.Client, query, context.Time);
        while (await feed.NextAsync(cancellation) is { } frame)
        {
            WriteFrame(output, frame);
            frames++;
        }

        JsonLines.WriteLine(output, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type", "end");
            writer.WriteNumber("frames", frames);
            writer.WriteEndObject();
        });
    }

    private static void WriteFrame(Stream output, FrameLine frame)
    {
        using JsonDocument line = JsonDocument.Parse(frame.Raw);
        JsonLines.WriteLine(output, line.RootElement.WriteTo);
    }
}
