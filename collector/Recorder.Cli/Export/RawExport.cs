using System.Net;
using Recorder.Cli.Api;
using Recorder.Cli.Output;

namespace Recorder.Cli.Export;

/// <summary>The exact bytes of one stream.</summary>
internal static class RawExport
{
    private const int BlockSize = 128 * 1024;

    public static async Task<int> RunAsync(CommandContext context, Session session, ExportOptions options, CancellationToken cancellation)
    {
        string stream = options.Stream ?? "out";
        if (stream.Contains(',', StringComparison.Ordinal))
            throw new CommandFailedException($"--stream {stream}: raw takes one of out, err, in");
        string path = QueryString.Append($"api/v1/sessions/{session.Id}/streams/{stream}", ("gaps", options.Gaps));
        using HttpResponseMessage response = await OpenAsync(context, path, stream, cancellation);
        await using ExportTarget target = ExportTarget.Open(context.Screen.Output, options.Output);
        await CopyAsync(context.Client, response, target.Stream, cancellation);
        await target.CompleteAsync();
        NoteGaps(context.Screen, response, stream, options.Gaps);
        return ExitCodes.Success;
    }

    private static async Task<HttpResponseMessage> OpenAsync(CommandContext context, string path, string stream, CancellationToken cancellation)
    {
        try
        {
            return await context.Client.OpenAsync(path, "application/octet-stream", slow: true, cancellation);
        }
        catch (ProblemException e) when (e.Status == HttpStatusCode.Conflict)
        {
            throw new CommandFailedException($"{stream} has gaps and --gaps fail was given: {e.Message}", ExitCodes.Negative);
        }
    }

    private static async Task CopyAsync(CollectorClient client, HttpResponseMessage response, Stream output, CancellationToken cancellation)
    {
        byte[] block = new byte[BlockSize];
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
        while (true)
        {
            int length;
            try
            {
                length = await body.ReadAsync(block, cancellation);
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                throw new CommandFailedException($"the collector at {client.Server} broke off the stream, the export is not complete: {e.Message}");
            }

            if (length == 0)
                return;
            output.Write(block.AsSpan(0, length));
        }
    }

    private static void NoteGaps(Screen screen, HttpResponseMessage response, string stream, string gaps)
    {
        if (Header(response, "X-Recorder-Gaps") is not { } number || number == 0)
            return;
        string how = gaps == "zero" ? "filled with zero bytes" : "left out";
        screen.Note($"{Human.Count(number, "gap", "gaps")} in {stream} ({Header(response, "X-Recorder-Gap-Bytes") ?? 0} bytes) {how}");
    }

    private static long? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) && long.TryParse(values.First(), out long value) ? value : null;
}
