using System.Collections.Concurrent;

namespace Recorder.Collector.Sessions;

/// <summary>Wakes who follows a session when something of it was stored by this collector.</summary>
internal sealed class SessionNews
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _waiting = new();

    /// <summary>Completes at the next <see cref="Announce"/> for the session after this call.</summary>
    public Task Next(Guid session) =>
        _waiting.GetOrAdd(session, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Announce(Guid session)
    {
        if (_waiting.TryRemove(session, out var waiting)) waiting.TrySetResult();
    }
}
