using System.Buffers;
using System.Diagnostics;

namespace Recorder.Wire;

/// <summary>What <see cref="BatchBuilder.Cut"/> made.</summary>
/// <param name="Header">The batch's header.</param>
/// <param name="Hash">The batch's hash, which the next one names.</param>
/// <param name="Size">Its encoded size, bytes.</param>
public readonly record struct BatchCut(BatchHeader Header, Digest Hash, int Size);

/// <summary>
/// Collects frames of one epoch in the order of their numbers and cuts batches of them. It keeps the hash of the last batch and the head
/// of every subject between cuts. Not thread-safe. Allocates nothing per frame: buffers are pooled and used again.
/// </summary>
public sealed class BatchBuilder : IDisposable
{
    private const int KeptCapacity = 256 * 1024;
    private const int EnvelopeSize = 160;
    private const int SectionOverhead = 1 + 18 + 34 + 5;

    private readonly Dictionary<Guid, Digest> _heads = [];
    private readonly Dictionary<Guid, PooledBuffer> _sections = [];
    private readonly List<Guid> _order = [];
    private readonly Stack<PooledBuffer> _spare = new();
    private readonly Guid _origin;
    private readonly Guid _epoch;
    private readonly Guid _bootId;
    private readonly PooledBuffer _header = new();
    private Digest[] _leaves = new Digest[16];
    private Digest _previous;
    private ulong _number;
    private PooledBuffer? _open;
    private int _openStart;
    private Guid _openSubject;

    /// <summary>Starts an epoch, whose first frame has the number 1.</summary>
    public BatchBuilder(Guid origin, Guid epoch, Guid bootId)
    {
        _origin = origin;
        _epoch = epoch;
        _bootId = bootId;
    }

    /// <summary>The number that the next frame must have.</summary>
    public ulong NextSeq { get; private set; } = 1;

    /// <summary>Frames since the last cut.</summary>
    public int FrameCount { get; private set; }

    /// <summary>An upper bound of the batch's size if it were cut now, bytes.</summary>
    public int Size { get; private set; } = EnvelopeSize;

    /// <summary>Whether a frame of this many bytes, of any subject, still fits into the batch.</summary>
    public bool Fits(int frameBytes) =>
        frameBytes <= WireLimits.Batch - Size - SectionOverhead && _sections.Count < WireLimits.Sections;

    /// <summary>Starts a frame: write exactly one to what is returned, then call <see cref="EndFrame"/>. A frame that was not ended is dropped.</summary>
    /// <param name="seq">The frame's number: <see cref="NextSeq"/>.</param>
    /// <param name="subject">The frame's subject.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another number: a bug of the caller that must not be sent.</exception>
    public IBufferWriter<byte> BeginFrame(ulong seq, Guid subject)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(seq, NextSeq);
        Abandon();
        if (!_sections.TryGetValue(subject, out PooledBuffer? section))
            section = _spare.TryPop(out PooledBuffer? spare) ? spare : new PooledBuffer();
        _open = section;
        _openStart = section.Length;
        _openSubject = subject;
        return section;
    }

    /// <summary>Takes the frame into the batch; returns its size in bytes.</summary>
    /// <exception cref="InvalidOperationException">No frame was begun or written, or it breaks a limit; then it is dropped.</exception>
    public int EndFrame()
    {
        int size = _open is null ? 0 : _open.Length - _openStart;
        bool isNew = _openStart == 0;
        if (size is 0 or > WireLimits.Frame || size > WireLimits.Batch - Size - (isNew ? SectionOverhead : 0)
            || (isNew && _sections.Count == WireLimits.Sections))
        {
            Abandon();
            throw new InvalidOperationException($"A frame of {size} bytes does not fit into a batch of {Size} bytes.");
        }

        if (isNew)
        {
            _sections.Add(_openSubject, _open!);
            _order.Add(_openSubject);
        }

        AssertReadable(_open!.WrittenSpan[_openStart..], NextSeq, _openSubject);
        Size += size + (isNew ? SectionOverhead : 0);
        _open = null;
        FrameCount++;
        NextSeq++;
        return size;
    }

    /// <summary>Adds one frame that is already encoded.</summary>
    public void Append(ulong seq, Guid subject, ReadOnlySpan<byte> frame)
    {
        BeginFrame(seq, subject).Write(frame);
        EndFrame();
    }

    /// <summary>Cuts the batch and starts the next. The bytes must be kept until they are acknowledged: they are never made again.</summary>
    /// <param name="bootTime">CLOCK_BOOTTIME now, nanoseconds.</param>
    /// <param name="realTime">The same instant in nanoseconds since the Unix epoch.</param>
    /// <param name="output">Where the encoded batch is appended.</param>
    /// <exception cref="InvalidOperationException">There are no frames.</exception>
    public BatchCut Cut(ulong bootTime, ulong realTime, IBufferWriter<byte> output)
    {
        Abandon();
        if (FrameCount == 0)
            throw new InvalidOperationException("A batch has at least one frame.");
        var header = new BatchHeader(
            _origin, _epoch, _number, NextSeq - (ulong)FrameCount, NextSeq - 1, _bootId, bootTime, realTime, _previous);
        int size = WriteHeader(header, output) + WriteSections(output);
        Digest hash = BatchHash.Batch(_header.WrittenSpan, _leaves.AsSpan(0, _order.Count));
        _previous = hash;
        _number++;
        Reset();
        return new BatchCut(header, hash, size);
    }

    /// <summary>Forgets a subject's head. Only for a subject of which nothing more comes in this epoch.</summary>
    public void Forget(Guid subject) => _heads.Remove(subject);

    /// <summary>Returns all buffers to the pool.</summary>
    public void Dispose()
    {
        Abandon();
        Reset();
        while (_spare.TryPop(out PooledBuffer? buffer))
            buffer.Dispose();
        _header.Dispose();
    }

    // The header's own bytes are kept beside the output: they are hashed.
    private int WriteHeader(BatchHeader header, IBufferWriter<byte> output)
    {
        _header.Clear();
        var writer = new MessagePackWriter(_header);
        header.Write(ref writer);
        writer.Flush();
        var batch = new MessagePackWriter(output);
        batch.WriteArrayHeader(2);
        batch.WriteRaw(_header.WrittenSpan);
        batch.Flush();
        return batch.Written;
    }

    private int WriteSections(IBufferWriter<byte> output)
    {
        if (_leaves.Length < _order.Count)
            _leaves = new Digest[Math.Max(_order.Count, _leaves.Length * 2)];
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(_order.Count);
        for (int i = 0; i < _order.Count; i++)
        {
            Guid subject = _order[i];
            ReadOnlySpan<byte> frames = _sections[subject].WrittenSpan;
            Digest previous = _heads.GetValueOrDefault(subject);
            writer.WriteArrayHeader(3);
            writer.WriteUuid(subject);
            writer.WriteDigest(previous);
            writer.WriteBinary(frames);
            _leaves[i] = BatchHash.Head(subject, previous, Digest.Of(frames));
            _heads[subject] = _leaves[i];
        }

        writer.Flush();
        return writer.Written;
    }

    // What a receiver would refuse is refused for ever, since a batch is sent until it is acknowledged: a bug is to be found where it is made.
    [Conditional("DEBUG")]
    private static void AssertReadable(ReadOnlySpan<byte> bytes, ulong seq, Guid subject)
    {
        var frames = new FrameReader(bytes);
        Debug.Assert(frames.MoveNext(), "No frame was written.");
        Debug.Assert(frames.Current.Header.Seq == seq && frames.Current.Header.Subject == subject, "A frame with another header was written.");
        frames.Current.Check();
        Debug.Assert(!frames.MoveNext(), "More than one frame was written.");
    }

    // A section that was begun and has no other frame is not in the dictionary yet: its buffer is spare again.
    private void Abandon()
    {
        if (_open is null)
            return;
        _open.Truncate(_openStart);
        if (_openStart == 0)
            _spare.Push(_open);
        _open = null;
    }

    private void Reset()
    {
        foreach (PooledBuffer section in _sections.Values)
        {
            section.Clear(KeptCapacity);
            _spare.Push(section);
        }

        _sections.Clear();
        _order.Clear();
        FrameCount = 0;
        Size = EnvelopeSize;
    }
}
