namespace Recorder.Agent.Sessions;

/// <summary>Stream bytes that are missing but may still come: another processor's record may stand behind in the ring.</summary>
/// <param name="Start">Kernel offset of the first byte.</param>
/// <param name="End">Kernel offset behind the last one.</param>
/// <param name="Shift">What made kernel offsets into stream offsets there.</param>
/// <param name="From">Time of the record before.</param>
/// <param name="To">Time of the record that showed the hole.</param>
internal readonly record struct StreamHole(ulong Start, ulong End, ulong Shift, ulong From, ulong To);

/// <summary>The few holes of a stream that are open, in the order of their offsets. Allocates nothing.</summary>
internal struct StreamHoles
{
    /// <summary>More than this many at once are no disorder but loss.</summary>
    public const int Most = 8;

    private Slots _slots;

    /// <summary>How many are open.</summary>
    public int Count { get; private set; }

    /// <summary>The oldest.</summary>
    public readonly StreamHole First => _slots[0];

    /// <summary>Adds the newest hole; there must be room.</summary>
    public void Add(in StreamHole hole) => _slots[Count++] = hole;

    /// <summary>Takes the oldest out.</summary>
    public StreamHole TakeFirst()
    {
        var first = _slots[0];
        RemoveAt(0);
        return first;
    }

    /// <summary>
    /// Takes [offset, offset + length) out of the hole that contains it, which may leave up to two smaller ones. False when none contains
    /// it, or there is no room for what is left.
    /// </summary>
    public bool TryFill(ulong offset, ulong length, out ulong shift)
    {
        for (var at = 0; at < Count; at++)
        {
            var hole = _slots[at];
            shift = hole.Shift;
            if (offset < hole.Start || offset + length > hole.End)
                continue;
            return Shrink(at, hole, offset, offset + length);
        }

        shift = 0;
        return false;
    }

    private bool Shrink(int at, in StreamHole hole, ulong start, ulong end)
    {
        var before = hole with { End = start };
        var after = hole with { Start = end };
        if (start > hole.Start && end < hole.End)
        {
            if (Count == Most)
                return false;
            for (var slot = Count++; slot > at + 1; slot--)
                _slots[slot] = _slots[slot - 1];
            (_slots[at], _slots[at + 1]) = (before, after);
        }
        else if (start > hole.Start)
            _slots[at] = before;
        else if (end < hole.End)
            _slots[at] = after;
        else
            RemoveAt(at);
        return true;
    }

    private void RemoveAt(int at)
    {
        Count--;
        for (; at < Count; at++)
            _slots[at] = _slots[at + 1];
    }

    [System.Runtime.CompilerServices.InlineArray(Most)]
    private struct Slots
    {
        private StreamHole _first;
    }
}
