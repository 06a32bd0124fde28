using Recorder.Wire;

namespace Recorder.Agent.Masking;

/// <summary>
/// A terminal's input on its way to the stream. Raw text waits until it is known to have been echoed, and everything that came after it
/// waits behind it, so that the order stays. Nothing is allocated once made, and what is held is bounded: when there is no more room, the
/// oldest text counts as not echoed. Times are the events', never the clock's.
/// </summary>
/// <remarks>
/// A program that shows a star for each key, or answers a key with a word that happens to begin with it, echoes single characters of a
/// secret. So behind text that was not echoed, a line has to show <see cref="Proof"/> characters in a row before its text is kept again.
/// </remarks>
internal sealed class HeldInput(IInputSink sink)
{
    /// <summary>Bytes that can wait.</summary>
    public const int Capacity = 16 * 1024;

    /// <summary>Characters echoed in a row that make the rest of a line trustworthy again.</summary>
    public const int Proof = 3;

    private const int MostPieces = 1024;
    private const int EchoTail = 256;

    private readonly EchoMatcher _matcher = new();
    private readonly byte[] _bytes = new byte[Capacity];
    private readonly InputPiece[] _pieces = new InputPiece[MostPieces];
    private int _first;
    private int _count;
    private int _head;
    private int _used;
    private bool _rawSeen;
    private bool _lastMasked;

    // Of the pieces that wait, how many were judged and only lack proof: their bytes, and the characters of text in them.
    private int _judged;
    private int _judgedBytes;
    private int _proven;
    private bool _trusted = true;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>Input from the kernel: <paramref name="raw"/> says that the terminal wasn't canonical.</summary>
    public void Add(ulong time, ulong offset, DataFlags flags, bool raw, ReadOnlySpan<byte> bytes)
    {
        Decide(time);
        if (!raw && _count == 0)
        {
            _trusted = true;
            Pass(time, offset, flags, bytes);
            return;
        }

        _rawSeen |= raw;
        while (!bytes.IsEmpty)
        {
            var kind = InputPieceKind.Kept;
            var length = raw ? InputText.NextPiece(bytes, out kind) : Math.Min(bytes.Length, Capacity / 4);
            Enqueue(new InputPiece { Kind = kind, Flags = (byte)flags, Held = length, Offset = offset, Length = (ulong)length, Time = time }, bytes[..length]);
            bytes = bytes[length..];
            offset += (ulong)length;
        }

        Decide(time);
    }

    /// <summary>Input that the kernel masked.</summary>
    public void AddMasked(ulong time, ulong offset, ulong length)
    {
        Decide(time);
        Enqueue(new InputPiece { Kind = InputPieceKind.Masked, Offset = offset, Length = length, Time = time }, default);
        Decide(time);
    }

    /// <summary>Output of the same terminal.</summary>
    public void Output(ulong time, ReadOnlySpan<byte> bytes)
    {
        if (_count == 0)
        {
            // An echo may come through the ring just before the input that it answers, but never in the middle of bulk output.
            if (_rawSeen || bytes.Length <= EchoTail)
                _matcher.Output(time, bytes, EchoTail);
            return;
        }

        Decide(time);
        _matcher.Output(time, bytes, PrintableOutput.Capacity / 2);
        Decide(time);
    }

    /// <summary>All events up to this time were handed over: text whose time is over is masked.</summary>
    public void AdvanceTo(ulong time) => Decide(time);

    /// <summary>Lets everything go: what was not echoed until now is masked.</summary>
    public void Flush() => Decide(ulong.MaxValue);

    private void Enqueue(in InputPiece piece, ReadOnlySpan<byte> bytes)
    {
        while (_count == MostPieces || _used + bytes.Length > Capacity)
        {
            if (_judged > 0)
                ReleaseJudged(masked: true);
            else
                ReleaseFirst(masked: _pieces[_first].Kind == InputPieceKind.Undecided);
        }

        var tail = (_head + _used) % Capacity;
        var part = Math.Min(bytes.Length, Capacity - tail);
        bytes[..part].CopyTo(_bytes.AsSpan(tail));
        bytes[part..].CopyTo(_bytes);
        _used += bytes.Length;
        _pieces[(_first + _count++) % MostPieces] = piece;
    }

    private void Decide(ulong now)
    {
        while (_judged < _count)
        {
            ref var piece = ref _pieces[(_first + _judged) % MostPieces];
            if (piece.Kind == InputPieceKind.Undecided && !TryJudge(ref piece, now))
                break;
            Settle(piece);
        }

        if (_judged > 0 && now > _pieces[_first].Time + EchoMatcher.LongestWait)
        {
            ReleaseJudged(masked: true);
            _trusted = false;
        }
    }

    /// <summary>Makes an undecided piece an echoed or a masked one; false while neither is sure.</summary>
    private bool TryJudge(ref InputPiece piece, ulong now)
    {
        Span<byte> text = stackalloc byte[InputText.LongestPiece];
        text = text[..piece.Held];
        CopyHeld(_judgedBytes, text);
        var echo = _matcher.Judge(text, piece.Time, now);
        if (echo == Echo.Waiting)
            return false;
        piece.Kind = echo == Echo.Echoed ? InputPieceKind.Echoed : InputPieceKind.Masked;
        if (echo == Echo.Echoed)
            _proven += InputText.Characters(text);
        return true;
    }

    /// <summary>Lets the newest judged piece go, or adds it to those that lack proof.</summary>
    private void Settle(in InputPiece piece)
    {
        switch (piece.Kind)
        {
            case InputPieceKind.Echoed when _trusted || _proven >= Proof:
                ReleaseJudged(masked: false);
                ReleaseFirst(masked: false);
                _trusted = true;
                break;
            case InputPieceKind.Masked:
                ReleaseJudged(masked: true);
                ReleaseFirst(masked: true);
                _trusted = false;
                break;
            case InputPieceKind.Kept or InputPieceKind.LineEnd:
                ReleaseJudged(masked: true);
                ReleaseFirst(masked: false);
                _trusted = true;
                break;
            case InputPieceKind.Control or InputPieceKind.Erase when _judged == 0:
                ReleaseFirst(masked: piece.Kind == InputPieceKind.Erase && _lastMasked);
                break;
            default:
                _judgedBytes += piece.Held;
                _judged++;
                break;
        }
    }

    private void ReleaseJudged(bool masked)
    {
        for (; _judged > 0; _judged--)
        {
            var kind = _pieces[_first].Kind;
            ReleaseFirst(masked ? kind != InputPieceKind.Control : kind == InputPieceKind.Erase && _lastMasked);
        }

        _judgedBytes = 0;
        _proven = 0;
    }

    private void ReleaseFirst(bool masked)
    {
        var piece = _pieces[_first];
        _lastMasked = masked;
        if (masked)
            sink.Masked(piece.Time, piece.Offset, piece.Length);
        else
            PassHeld(piece);
        // The bytes go when they were decided, not when their place is needed: no secret stays in memory longer than it must.
        ClearHeld(piece.Held);
        _head = (_head + piece.Held) % Capacity;
        _used -= piece.Held;
        _first = (_first + 1) % MostPieces;
        _count--;
    }

    private void PassHeld(in InputPiece piece)
    {
        var part = Math.Min(piece.Held, Capacity - _head);
        Pass(piece.Time, piece.Offset, (DataFlags)piece.Flags, _bytes.AsSpan(_head, part));
        if (part < piece.Held)
            Pass(piece.Time, piece.Offset + (ulong)part, (DataFlags)piece.Flags, _bytes.AsSpan(0, piece.Held - part));
    }

    private void Pass(ulong time, ulong offset, DataFlags flags, ReadOnlySpan<byte> bytes)
    {
        _lastMasked = false;
        sink.Kept(time, offset, flags, bytes);
    }

    private void CopyHeld(int skip, Span<byte> destination)
    {
        var start = (_head + skip) % Capacity;
        var part = Math.Min(destination.Length, Capacity - start);
        _bytes.AsSpan(start, part).CopyTo(destination);
        _bytes.AsSpan(0, destination.Length - part).CopyTo(destination[part..]);
    }

    private void ClearHeld(int length)
    {
        var part = Math.Min(length, Capacity - _head);
        _bytes.AsSpan(_head, part).Clear();
        _bytes.AsSpan(0, length - part).Clear();
    }
}
