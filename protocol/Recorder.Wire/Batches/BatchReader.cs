using System.Buffers;

namespace Recorder.Wire;

/// <summary>Reads and checks a batch, to the last value of every frame. Allocates per section, and for no DATA or GAP frame.</summary>
internal static class BatchReader
{
    // Array header, type, seq, time and subject in their shortest forms.
    private const int SmallestFrame = 1 + 1 + 1 + 1 + 18;

    internal static Batch Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > WireLimits.Batch)
            throw new WireFormatException(RefuseCode.BatchTooLarge, 0, $"a batch of {bytes.Length} bytes");
        var reader = new MessagePackReader(bytes.Span);
        int elements = reader.ReadArrayHeader();
        if (elements < 2)
            throw reader.Error(0, "a batch that is too short");
        int headerStart = reader.Position;
        BatchHeader header = BatchHeader.Read(ref reader);
        ReadOnlySpan<byte> headerBytes = reader.Since(headerStart);
        BatchSection[] sections = ReadSections(ref reader, bytes, header);
        for (int i = 2; i < elements; i++)
            reader.Skip(WireLimits.Nesting - 1);
        if (!reader.End)
            throw reader.Error(reader.Position, "bytes behind the batch");
        return new Batch(bytes, header, sections, BatchHash.Batch(headerBytes, Array.ConvertAll(sections, section => section.Head)));
    }

    // A flag for each number from first to last, so that each is seen once. Their claimed count is limited by what the input could hold.
    private static BatchSection[] ReadSections(ref MessagePackReader reader, ReadOnlyMemory<byte> bytes, BatchHeader header)
    {
        int start = reader.Position;
        ulong claimed = header.LastSeq - header.FirstSeq;
        if (claimed >= (ulong)(reader.Remaining / SmallestFrame))
            throw reader.Error(start, $"more frames than {reader.Remaining} bytes can hold");
        int frames = (int)claimed + 1;
        byte[] seen = ArrayPool<byte>.Shared.Rent(frames);
        try
        {
            Array.Clear(seen, 0, frames);
            BatchSection[] sections = ReadSections(ref reader, bytes, new Coverage(header.FirstSeq, seen.AsSpan(0, frames)));
            int read = sections.Sum(section => section.FrameCount);
            return read == frames ? sections : throw reader.Error(start, $"{read} frames for {header.FirstSeq} to {header.LastSeq}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(seen);
        }
    }

    private static BatchSection[] ReadSections(ref MessagePackReader reader, ReadOnlyMemory<byte> bytes, Coverage coverage)
    {
        int start = reader.Position;
        int count = reader.ReadArrayHeader();
        if (count == 0)
            throw reader.Error(start, "a batch without sections");
        if (count > WireLimits.Sections)
            throw reader.Error(start, $"a batch of {count} sections", RefuseCode.BatchTooLarge);
        var sections = new List<BatchSection>();
        var subjects = new HashSet<Guid>();
        for (int i = 0; i < count; i++)
        {
            int at = reader.Position;
            BatchSection section = ReadSection(ref reader, bytes, coverage);
            if (!subjects.Add(section.Subject))
                throw reader.Error(at, "a subject with two sections");
            if (sections.Count > 0 && section.FirstSeq <= sections[^1].FirstSeq)
                throw reader.Error(at, "sections out of order");
            sections.Add(section);
        }

        return [.. sections];
    }

    private static BatchSection ReadSection(ref MessagePackReader reader, ReadOnlyMemory<byte> bytes, Coverage coverage)
    {
        int start = reader.Position;
        int elements = reader.ReadArrayHeader();
        if (elements < 3)
            throw reader.Error(start, "a section that is too short");
        Guid subject = reader.ReadUuid();
        Digest previous = reader.ReadDigest();
        ReadOnlySpan<byte> frames = reader.ReadBinary();
        int framesStart = reader.Position - frames.Length;
        (int count, ulong first, ulong last) = ReadFrames(frames, framesStart, subject, coverage);
        for (int i = 3; i < elements; i++)
            reader.Skip(WireLimits.Nesting - 3);
        Digest hash = Digest.Of(frames);
        Digest head = BatchHash.Head(subject, previous, hash);
        return new BatchSection(subject, previous, hash, head, bytes.Slice(framesStart, frames.Length), count, first, last);
    }

    private static (int Count, ulong First, ulong Last) ReadFrames(ReadOnlySpan<byte> frames, int start, Guid subject, Coverage coverage)
    {
        int count = 0;
        ulong first = 0;
        ulong last = 0;
        foreach (Frame frame in new FrameReader(frames, start))
        {
            ulong seq = frame.Header.Seq;
            if (frame.Header.Subject != subject)
                throw Malformed(start, "a frame of another subject than its section");
            if (seq <= last)
                throw Malformed(start, "frames that do not ascend");
            if (!coverage.TryMark(seq))
                throw Malformed(start, $"frame {seq} twice or outside of its batch");
            frame.Check();
            last = seq;
            first = count++ == 0 ? last : first;
        }

        return count > 0 ? (count, first, last) : throw Malformed(start, "a section without frames");
    }

    private static WireFormatException Malformed(long offset, string reason) => new(RefuseCode.Malformed, offset, reason);

    private readonly ref struct Coverage(ulong first, Span<byte> seen)
    {
        private readonly Span<byte> _seen = seen;

        public bool TryMark(ulong seq) => seq >= first && seq - first < (ulong)_seen.Length && _seen[(int)(seq - first)]++ == 0;
    }
}
