using System.Runtime.CompilerServices;
using Recorder.Collector.Store;
using Recorder.Storage;

namespace Recorder.Collector.Sessions;

/// <summary>
/// The frames of a session as they arrive, until it has ended. Batches of an epoch are stored in the order of their numbers, so that
/// what is new has a higher number than all that was seen of its epoch; boot times may go back a little.
/// </summary>
internal sealed class FrameFollower(StoreHandle store, SessionNews news, TimeProvider time)
{
    /// <summary>Another collector may write the session: then nobody wakes us.</summary>
    private static readonly TimeSpan AtLatest = TimeSpan.FromSeconds(1);

    /// <summary>Bounds how often a busy session is asked for.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Yields null where a client that waits for long should be told that the connection lives.</summary>
    public async IAsyncEnumerable<StoredFrame?> FollowAsync(Guid session, FrameFilter filter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = new Dictionary<Guid, ulong>();
        using var interest = news.Follow(session);
        while (true)
        {
            // Order: first look whether it has ended, then read. What it had at its end is then read for certain.
            var change = interest.Next;
            bool ended = (await store.Current.Verdicts.EndedAsync([session], cancellation)).Count > 0;
            bool any = false;
            await foreach (var frame in store.Current.Sessions.FramesAsync(session, filter with { Behind = seen.Select(static pair => new EpochPosition(pair.Key, pair.Value)).ToArray() }, cancellation))
            {
                seen[frame.Epoch] = Math.Max(frame.Seq, seen.GetValueOrDefault(frame.Epoch));
                any = true;
                yield return frame;
            }

            if (ended) yield break;
            if (!any) yield return null;
            await Task.Delay(Pause, time, cancellation);
            await Task.WhenAny(change, Task.Delay(AtLatest, time, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
