using Recorder.Wire;

namespace Recorder.Agent.Masking;

/// <summary>
/// A terminal's input on its way to the stream. Raw text waits until it is known to have been echoed, and everything that came after it
/// waits behind it, so that the order stays. Nothing is allocated once made, and what is held is bounded: when there is no more room, the
/// oldest text counts as not echoed. Times are the events', never the clock's.
/// </summary>
internal sealed class HeldInput(IInputSink sink)
{
    /// <summary>Bytes that can wait.</summary>
    public const int Capacity = 16 * 1024;

    private const int MostPieces = 2048;
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

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>When the oldest text that waits was typed; meaningless when nothing waits.</summary>
    public ulong OldestTime => _pieces[_first].Time;

    /// <summary>Input from the kernel: <paramref name="raw"/> says that the terminal wasn't canonical.</summary>
    public void Add(ulong time, ulong offset, DataFlags flags, bool raw, ReadOnlySpan<byte> bytes)
    {
        Decide(time);
        if (!raw && _count == 0)
        {
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
        if (_count == 0)
            PassMasked(time, offset, length);
        else
            Enqueue(new InputPiece { Kind = InputPieceKind.Masked, Offset = offset, Length = length, Time = time }, default);
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
            ReleaseFirst(InputPieceKind.Masked);
        var tail = (_head + _used) % Capacity;
        var part = Math.Min(bytes.Length, Capacity - tail);
        bytes[..part].CopyTo(_bytes.AsSpan(tail));
        bytes[part..].CopyTo(_bytes);
        _used += bytes.Length;
        _pieces[(_first + _count++) % MostPieces] = piece;
    }

    private void Decide(ulong now)
    {
        Span<byte> text = stackalloc byte[InputText.LongestPiece];
        while (_count > 0)
        {
            ref var piece = ref _pieces[_first];
            var kind = piece.Kind;
            if (kind == InputPieceKind.Undecided)
            {
                CopyHeld(piece.Held, text);
                var echo = _matcher.Judge(text[..piece.Held], piece.Time, now);
                if (echo == Echo.Waiting)
                    return;
                kind = echo == Echo.Echoed ? InputPieceKind.Kept : InputPieceKind.Masked;
            }

            ReleaseFirst(kind);
        }
    }

    private void ReleaseFirst(InputPieceKind verdict)
    {
        var piece = _pieces[_first];
        if (piece.Kind == InputPieceKind.Erase)
            verdict = _lastMasked ? InputPieceKind.Masked : InputPieceKind.Kept;
        else if (piece.Kind != InputPieceKind.Undecided)
            verdict = piece.Kind;
        if (verdict == InputPieceKind.Masked)
            PassMasked(piece.Time, piece.Offset, piece.Length);
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

    private void PassMasked(ulong time, ulong offset, ulong length)
    {
        _lastMasked = true;
        sink.Masked(time, offset, length);
    }

    private void CopyHeld(int length, Span<byte> destination)
    {
        var part = Math.Min(length, Capacity - _head);
        _bytes.AsSpan(_head, part).CopyTo(destination);
        _bytes.AsSpan(0, length - part).CopyTo(destination[part..]);
    }

    private void ClearHeld(int length)
    {
        var part = Math.Min(length, Capacity - _head);
        _bytes.AsSpan(_head, part).Clear();
        _bytes.AsSpan(0, length - part).Clear();
    }
}
