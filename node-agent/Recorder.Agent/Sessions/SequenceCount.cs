namespace Recorder.Agent.Sessions;

/// <summary>Counts a session's records by their numbers, which need not come in order.</summary>
internal struct SequenceCount
{
    private ulong _first;
    private ulong _next;
    private ulong _received;

    /// <summary>Numbers up to the highest that came which have not come themselves.</summary>
    public readonly ulong Missing => _next - _first - Math.Min(_received, _next - _first);

    /// <summary>A record came.</summary>
    public void Add(ulong number)
    {
        if (_received++ == 0)
            (_first, _next) = (number, number + 1);
        _first = Math.Min(_first, number);
        _next = Math.Max(_next, number + 1);
    }
}
