using System.Diagnostics;
using Recorder.Agent.Masking;
using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Agent.Sessions;

/// <summary>
/// One stream of a session: makes the kernel's offsets into the stream's, and everything that is missing into gaps, so that the frames
/// tile [0, total) exactly.
/// <list type="number">
/// <item>Stream offset = kernel offset + shift. The shift grows where a gap stands for more bytes than there were (masked lengths are
/// rounded up) and is stored before the frame that depends on it is given away.</item>
/// <item>A jump in kernel offsets is loss, unless the record comes a moment later: then it fills the hole.</item>
/// <item>Input of a terminal passes through <see cref="HeldInput"/>, in order, so a jump there is loss at once.</item>
/// </list>
/// </summary>
internal sealed partial class RecordedStream : IInputSink
{
    /// <summary>How long a record may come behind a later one: nanoseconds of event time.</summary>
    private const ulong Disorder = 200_000_000;

    private readonly IFrameSink _sink;
    private readonly IStreamOwner _owner;
    private HeldInput? _held;
    private MaskedRun _run;
    private StreamHoles _holes;
    private ulong _lastTime;

    /// <param name="sink">Where the frames go.</param>
    /// <param name="owner">The session.</param>
    /// <param name="stream">Which stream.</param>
    /// <param name="terminal">Whether it is a terminal's.</param>
    /// <param name="masksEcho">Whether raw input has to be echoed to be kept.</param>
    /// <param name="observed">Whether the kernel sends its bytes: what stands behind it is a terminal or a pipe.</param>
    public RecordedStream(IFrameSink sink, IStreamOwner owner, StreamId stream, bool terminal, bool masksEcho, bool observed = true)
    {
        IsObserved = observed;
        _sink = sink;
        _owner = owner;
        Stream = stream;
        IsTerminal = terminal;
        _held = terminal && masksEcho && stream == StreamId.In ? new HeldInput(this) : null;
    }

    public StreamId Stream { get; }

    public bool IsTerminal { get; }

    /// <summary>False for a stream of which nothing but its absence is recorded.</summary>
    public bool IsObserved { get; }

    /// <summary>The kernel offset that is expected next.</summary>
    public ulong Next { get; private set; }

    /// <summary>Stream offset less kernel offset.</summary>
    public ulong Shift { get; private set; }

    /// <summary>Whether input is being masked whose gap isn't written yet.</summary>
    public bool IsMasking => _run.IsOpen;

    /// <summary>Whether STREAM_END was given away.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The stream's length once it has ended.</summary>
    public ulong Total { get; private set; }

    /// <summary>Why it ended, once it has.</summary>
    public StreamEndCause EndCause { get; private set; }

    /// <summary>Bytes that came where bytes had come already: not recorded again.</summary>
    public ulong Discarded { get; private set; }

    /// <summary>Bytes at kernel offsets, masked by the kernel where the flags say so.</summary>
    public void Data(ulong time, ulong offset, ulong length, KernelDataFlags flags, ReadOnlySpan<byte> bytes)
    {
        if (HasEnded || length == 0)
        {
            Discarded += length;
            return;
        }

        var masked = (flags & KernelDataFlags.Masked) != 0 || !_owner.KeepsBytes;
        if (!masked && (ulong)bytes.Length > length)
            bytes = bytes[..(int)length];
        if (Position(time, offset, length) is not { } shift)
            return;
        if (shift != Shift || offset + length != Next)
            WriteLate(time, offset, length, shift, masked, flags, bytes);
        else if (masked)
            AddMasked(time, offset, length);
        else
            AddBytes(time, offset, length, flags, bytes);
        _lastTime = time;
    }

    /// <summary>Bytes that the kernel could not read.</summary>
    public void Gap(ulong time, ulong offset, ulong length, GapReason reason, GapPlace place)
    {
        if (HasEnded || length == 0)
            return;
        // Before the place is asked for: letting go of what waits may change the shift.
        if (offset >= Next)
            Settle();
        if (Position(time, offset, length) is { } shift)
            WriteGap(time, offset + shift, length, reason, place, time, time);
        _lastTime = time;
    }

    /// <summary>Bytes that went by before the stream was seen: they take the place before kernel offset <paramref name="at"/>.</summary>
    public void Missed(ulong time, ulong at, ulong? length, GapReason reason, GapPlace place, ulong from)
    {
        if (length == 0)
            return;
        var offset = at + Shift;
        if (length is { } known)
        {
            Shift += known;
            _owner.Persist();
        }

        WriteGap(time, offset, length, reason, place, from, time);
    }

    /// <summary>Output of the terminal whose input this is.</summary>
    public void Echo(ulong time, ReadOnlySpan<byte> output) => _held?.Output(time, output);

    /// <summary>All records up to this time were handed over.</summary>
    public void AdvanceTo(ulong time)
    {
        if (HasEnded)
            return;
        if (_held is { IsEmpty: false } held)
            held.AdvanceTo(time);
        while (_holes.Count > 0 && time > _holes.First.To + Disorder)
            WriteHole(_holes.TakeFirst());
        if (_run.IsDue(time))
            CloseRun(time);
    }

    /// <summary>Lets go of everything that waits: it is decided now.</summary>
    public void Settle()
    {
        _held?.Flush();
        CloseRun(_lastTime);
    }

    /// <summary>Writes everything that is known, for an agent that stops.</summary>
    public void Suspend()
    {
        if (HasEnded)
            return;
        Settle();
        WriteHoles();
    }

    /// <summary>Nothing follows. What is missing up to the kernel's total is loss.</summary>
    public void End(ulong time, ulong kernelTotal, StreamEndCause cause)
    {
        if (HasEnded)
            return;
        Settle();
        if (!IsPositioned)
            SetFirst(time, kernelTotal);
        if (kernelTotal > Next)
        {
            WriteGap(time, Next + Shift, kernelTotal - Next, GapReason.RingFull, GapPlace.Kernel, _lastTime, time);
            Next = kernelTotal;
        }

        WriteHoles();
        _held = null;
        HasEnded = true;
        Total = Next + Shift;
        EndCause = cause;
        _owner.Persist();
        _sink.StreamEnd(_owner.Id, time, new StreamEndFrame(Stream, Total, cause));
    }

    void IInputSink.Kept(ulong time, ulong offset, DataFlags flags, ReadOnlySpan<byte> bytes) => WriteKept(time, offset, flags, bytes);

    void IInputSink.Masked(ulong time, ulong offset, ulong length) => Mask(time, offset, length);

    private static DataFlags ToWire(KernelDataFlags flags) =>
        ((flags & KernelDataFlags.Raw) != 0 ? DataFlags.NotCanonical : 0)
        | ((flags & KernelDataFlags.IoUring) != 0 ? DataFlags.IoUring : 0)
        | ((flags & KernelDataFlags.Early) != 0 ? DataFlags.BeforeStart : 0);

    /// <summary>Accounts for the bytes' place; the shift that holds there, or null when bytes of that place came already.</summary>
    private ulong? Position(ulong time, ulong offset, ulong length)
    {
        if (!IsPositioned)
            SetFirst(time, offset);
        if (offset < Next)
        {
            if (_holes.TryFill(offset, length, out var shift))
                return shift;
            Discarded += length;
            return null;
        }

        if (offset > Next)
            AddHole(time, offset);
        Next = offset + length;
        return Shift;
    }

    private void AddHole(ulong time, ulong offset)
    {
        // What waits belongs before the hole.
        Settle();
        var hole = new StreamHole(Next, offset, Shift, _lastTime, time);
        if (_held is not null)
        {
            WriteHole(hole);
            return;
        }

        if (_holes.Count == StreamHoles.Most)
            WriteHole(_holes.TakeFirst());
        _holes.Add(hole);
    }

    private void AddBytes(ulong time, ulong offset, ulong length, KernelDataFlags flags, ReadOnlySpan<byte> bytes)
    {
        if (_held is not null)
            _held.Add(time, offset, ToWire(flags), (flags & KernelDataFlags.Raw) != 0, bytes);
        else
            WriteKept(time, offset, ToWire(flags), bytes);
        var missing = length - (ulong)bytes.Length;
        if (missing == 0)
            return;
        Settle();
        WriteGap(time, offset + (ulong)bytes.Length + Shift, missing, GapReason.Truncated, GapPlace.Kernel, time, time);
    }

    private void AddMasked(ulong time, ulong offset, ulong length)
    {
        if (_held is not null)
            _held.AddMasked(time, offset, length);
        else
            Mask(time, offset, length);
    }

    private void Mask(ulong time, ulong offset, ulong length)
    {
        Debug.Assert(!_run.IsOpen || _run.Continues(offset), "a run is closed before its stream jumps");
        var begins = !_run.IsOpen && _held is not null;
        _run.Add(time, offset, length);
        // An agent that finds this after a crash rounds up what was lost, as the run would have been.
        if (begins)
            _owner.Persist();
        if (_run.IsDue(time))
            CloseRun(time);
    }

    private void CloseRun(ulong time)
    {
        if (!_run.IsOpen)
            return;
        var run = _run;
        _run = default;
        var offset = run.Start + Shift;
        // Stored first: an agent that dies between the two must not use these offsets again.
        Shift += run.Rounded - run.Length;
        _owner.Persist();
        WriteGap(Math.Max(time, run.To), offset, run.Rounded, GapReason.Policy, GapPlace.Agent, run.From, run.To);
    }
}
