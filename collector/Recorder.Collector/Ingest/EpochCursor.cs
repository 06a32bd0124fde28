using Recorder.Storage;
using Recorder.Wire;

namespace Recorder.Collector.Ingest;

/// <summary>
/// The place in its epoch that the next batch of a connection must continue: sequence, number, the hash of the batch before and the
/// heads of its subjects. Heads of subjects that this connection has not seen yet are known only when the epoch began here, and only of
/// so many subjects are they kept; the store keeps all, for who verifies it.
/// </summary>
internal sealed class EpochCursor(EpochHead durable)
{
    private const int SubjectsAtMost = 65_536;
    private readonly Dictionary<Guid, Digest> _heads = [];
    private bool _fromStart = durable.Seq == 0;
    private ulong _number = durable.NextNumber;
    private Digest _previous = durable.Hash;

    public ulong NextSeq { get; private set; } = durable.Seq + 1;

    /// <summary>Lies wholly before the next sequence: it was brought before.</summary>
    public bool IsBehind(BatchHeader header) => header.LastSeq < NextSeq;

    /// <summary>Moves behind the batch.</summary>
    /// <exception cref="RefusalException">It does not continue the epoch.</exception>
    public void Advance(Batch batch)
    {
        var header = batch.Header;
        if (header.FirstSeq != NextSeq) throw Refused($"the batch has the frames {header.FirstSeq} to {header.LastSeq}, expected is {NextSeq}");
        if (header.Number != _number) throw Refused($"the batch has the number {header.Number}, expected is {_number}");
        if (header.Previous != _previous) throw Refused($"batch {header.Number} names another batch before it than the one that is there");
        foreach (var section in batch.Sections)
        {
            bool known = _heads.TryGetValue(section.Subject, out var head);
            if ((known || _fromStart) && section.PreviousHead != head)
                throw Refused($"batch {header.Number} names another head of {section.Subject} than the one that is there");
        }

        if (_heads.Count > SubjectsAtMost)
        {
            _heads.Clear();
            _fromStart = false;
        }

        foreach (var section in batch.Sections) _heads[section.Subject] = section.Head;
        NextSeq = header.LastSeq + 1;
        _number = header.Number + 1;
        _previous = batch.Hash;
    }

    private static RefusalException Refused(string reason) => new(RefuseCode.Sequence, reason);
}
