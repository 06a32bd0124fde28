namespace Recorder.Collector.Sessions;

/// <summary>Wakes who follows a session when something of it was stored by this collector.</summary>
internal sealed class SessionNews
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, List<Interest>> _followers = [];

    public Interest Follow(Guid session)
    {
        var interest = new Interest(this, session);
        lock (_gate)
        {
            if (!_followers.TryGetValue(session, out var followers)) _followers.Add(session, followers = []);
            followers.Add(interest);
        }

        return interest;
    }

    public void Announce(Guid session)
    {
        lock (_gate)
        {
            if (!_followers.TryGetValue(session, out var followers)) return;
            foreach (var follower in followers) follower.Wake();
        }
    }

    private void Forget(Guid session, Interest interest)
    {
        lock (_gate)
        {
            if (!_followers.TryGetValue(session, out var followers)) return;
            followers.Remove(interest);
            if (followers.Count == 0) _followers.Remove(session);
        }
    }

    /// <summary>One follower's.</summary>
    public sealed class Interest(SessionNews news, Guid session) : IDisposable
    {
        private TaskCompletionSource _next = Unset();

        /// <summary>Completes at the next announcement after this was read.</summary>
        public Task Next
        {
            get
            {
                if (Volatile.Read(ref _next).Task.IsCompleted) Volatile.Write(ref _next, Unset());
                return Volatile.Read(ref _next).Task;
            }
        }

        public void Wake() => Volatile.Read(ref _next).TrySetResult();

        public void Dispose() => news.Forget(session, this);

        private static TaskCompletionSource Unset() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
