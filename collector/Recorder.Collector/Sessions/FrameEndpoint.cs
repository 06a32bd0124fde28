using System.IO.Pipelines;
using Recorder.Collector.Store;
using Recorder.Collector.Web;
using Recorder.Storage;

namespace Recorder.Collector.Sessions;

/// <summary>A session's frames, once or as they arrive.</summary>
internal static class FrameEndpoint
{
    private const int FlushBytes = 64 << 10;

    public static void MapFrames(this IEndpointRouteBuilder api) => api.MapGet("/sessions/{id}/frames", GetAsync);

    private static async Task GetAsync(HttpContext context, string id, StoreHandle store, FrameFollower follower)
    {
        var query = FrameQuery.Read(context.Request);
        var session = await SessionEndpoints.RequireSessionAsync(store, id, context.RequestAborted);
        context.Response.ContentType = query.AsLines ? MediaTypes.JsonLines : MediaTypes.Frames;
        var filter = query.Filter(session.StartedBoottime);
        var frames = query.Follow
            ? follower.FollowAsync(session.Id, filter, context.RequestAborted)
            : store.Current.Sessions.FramesAsync(session.Id, filter, context.RequestAborted);
        using var line = query.AsLines ? new FrameLine(session.StartedBoottime) : null;
        await SendAsync(context.Response, frames, line, query.Follow, context.RequestAborted);
    }

    private static async Task SendAsync(HttpResponse response, IAsyncEnumerable<StoredFrame?> frames, FrameLine? line, bool follow, CancellationToken cancellation)
    {
        var output = response.BodyWriter;
        await using var next = frames.GetAsyncEnumerator(cancellation);
        // The first query runs before the answer begins, so that its failure can still be answered.
        for (var moving = next.MoveNextAsync(); ; moving = next.MoveNextAsync())
        {
            // What is there goes out before waiting for more.
            if (!moving.IsCompleted && (follow || output.UnflushedBytes > 0) && response.HasStarted) await output.FlushAsync(cancellation);
            if (!await moving) break;
            if (!response.HasStarted) await response.StartAsync(cancellation);
            Write(output, next.Current, line);
            if (output.UnflushedBytes >= FlushBytes) await output.FlushAsync(cancellation);
        }

        if (!response.HasStarted) await response.StartAsync(cancellation);
        await output.FlushAsync(cancellation);
    }

    private static void Write(PipeWriter output, StoredFrame? frame, FrameLine? line)
    {
        if (frame is null)
        {
            // MessagePack has no filler; only lines can say that nothing happened.
            if (line is not null) System.Buffers.BuffersExtensions.Write(output, "\n"u8);
        }
        else if (line is not null)
        {
            line.Write(output, frame);
        }
        else
        {
            frame.ToCanonical(output);
        }
    }
}
