using System.Net;
using System.Text.Json;

namespace Recorder.Cli.Api;

/// <summary>Which frames of a session are wanted.</summary>
internal sealed record FrameQuery(string Session)
{
    /// <summary>Comma-separated, null for all.</summary>
    public string? Types { get; init; }

    /// <summary>Comma-separated, null for all.</summary>
    public string? Streams { get; init; }

    /// <summary>Stays open until the session has ended.</summary>
    public bool Follow { get; init; }
}

/// <summary>Frames, one after another.</summary>
internal interface IFrameSource : IAsyncDisposable
{
    /// <summary>The next frame, null at the end.</summary>
    ValueTask<FrameLine?> NextAsync(CancellationToken cancellation);
}

/// <summary>
/// A session's frames in order, one at a time. A connection that breaks (a player that pauses reads nothing, and servers end what stalls) is opened again
/// after the last frame: frames are ordered by time, then seq.
/// </summary>
internal sealed class FrameFeed(CollectorClient client, FrameQuery query, TimeProvider time) : IFrameSource
{
    private const int MostFailures = 5;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);

    private HttpResponseMessage? _response;
    private LineReader? _lines;
    private (long Time, long Seq)? _last;
    private (long Time, long Seq)? _known;
    private int _failures;

    /// <inheritdoc/>
    public async ValueTask<FrameLine?> NextAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                _lines ??= await OpenAsync(cancellation);
                byte[]? line = await _lines.ReadAsync(cancellation);
                if (line is null)
                    return null;
                FrameLine frame = Parse(line);
                if (_known is { } known && (frame.Time, frame.Seq).CompareTo(known) <= 0)
                    continue; // came before the connection broke
                _known = null;
                _failures = 0;
                _last = (frame.Time, frame.Seq);
                return frame;
            }
            catch (Exception e) when (IsBroken(e) && !cancellation.IsCancellationRequested)
            {
                await RecoverAsync(e, cancellation);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_lines is not null)
            await _lines.DisposeAsync();
        _response?.Dispose();
        _lines = null;
        _response = null;
    }

    private static bool IsBroken(Exception e) =>
        e is IOException or InvalidDataException or HttpRequestException or UnreachableException or ProblemException { IsPassing: true };

    private static FrameLine Parse(byte[] line)
    {
        try
        {
            FrameLine? frame = JsonSerializer.Deserialize(line, ApiJson.Default.FrameLine);
            return frame is null ? throw new JsonException("null") : frame with { Raw = line };
        }
        catch (JsonException e)
        {
            throw new CommandFailedException($"the collector sent a frame that can't be understood: {e.Message}");
        }
    }

    private async Task<LineReader> OpenAsync(CancellationToken cancellation)
    {
        string path = QueryString.Append(
            $"api/v1/sessions/{query.Session}/frames",
            ("types", query.Types),
            ("streams", query.Streams),
            ("from", _last?.Time is > 0 and long after ? after : null),
            ("follow", query.Follow ? "true" : null));
        _response = await client.OpenAsync(path, "application/x-ndjson", slow: true, cancellation);
        return new LineReader(await _response.Content.ReadAsStreamAsync(cancellation));
    }

    private async Task RecoverAsync(Exception e, CancellationToken cancellation)
    {
        await DisposeAsync();
        if (_last is null && e is UnreachableException { IsConnected: false } or ProblemException || ++_failures > MostFailures)
            throw e as CommandFailedException ?? new CommandFailedException($"the collector at {client.Server} broke off its answer: {e.Message}");
        _known = _last;
        await Task.Delay(FirstDelay * (1 << (_failures - 1)), time, cancellation);
    }
}
