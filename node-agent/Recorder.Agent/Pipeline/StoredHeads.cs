using System.Collections.Concurrent;
using Recorder.Agent.Sessions;
using Recorder.Agent.Uplink;
using Recorder.Wire;

namespace Recorder.Agent.Pipeline;

/// <summary>Passes the tracker's questions about sessions of an earlier agent to the uplink, and the answers back to the tracker's thread.</summary>
internal sealed class StoredHeads(SessionTracker tracker, Action wakeTracker) : IHeadsInquiry
{
    private readonly ConcurrentQueue<(IReadOnlyList<Guid> Asked, IReadOnlyList<SubjectHead> Stored)> _answers = [];
    private IReadOnlyList<Guid> _unanswered = [];

    public IReadOnlyList<Guid> Unanswered => Volatile.Read(ref _unanswered);

    public void Answer(IReadOnlyList<Guid> asked, IReadOnlyList<SubjectHead> stored)
    {
        // First, so that the same is not asked again before the tracker has seen the answer.
        Volatile.Write(ref _unanswered, []);
        _answers.Enqueue((asked, stored));
        wakeTracker();
    }

    /// <summary>On the tracker's thread: hands over the answers that came.</summary>
    public void TakeAnswers()
    {
        while (_answers.TryDequeue(out var answer))
        {
            Dictionary<Guid, SubjectHead> stored = answer.Stored.ToDictionary(head => head.Subject);
            foreach (Guid subject in answer.Asked)
                tracker.OnStoredHeads(subject, stored.GetValueOrDefault(subject));
        }
    }

    /// <summary>On the tracker's thread, behind <see cref="TakeAnswers"/>: looks what has to be asked.</summary>
    public void Refresh()
    {
        if (!_answers.IsEmpty)
            return;
        IReadOnlyList<Guid> awaiting = tracker.AwaitingHeads();
        Volatile.Write(ref _unanswered, awaiting.Count > WireLimits.Elements ? [.. awaiting.Take(WireLimits.Elements)] : awaiting);
    }
}
