using System.Buffers;

namespace Recorder.Wire;

/// <summary>Reads and checks a batch, to the last value of every frame. Allocates per section, and for no DATA or GAP frame.</summary>
internal static class BatchReader
{
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
        BatchSection[] sections = ReadSections(ref reader, bytes);
        for (int i = 2; i < elements; i++)
            reader.Skip(WireLimits.Nesting - 1);
        if (!reader.End)
            throw reader.Error(reader.Position, "bytes behind the batch");
        CheckCoverage(header, sections);
        return new Batch(bytes, header, sections, BatchHash.Batch(headerBytes, Array.ConvertAll(sections, section => section.Head)));
    }

    private static BatchSection[] ReadSections(ref MessagePackReader reader, ReadOnlyMemory<byte> bytes)
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
            BatchSection section = ReadSection(ref reader, bytes);
            if (!subjects.Add(section.Subject))
                throw reader.Error(at, "a subject with two sections");
            if (sections.Count > 0 && section.FirstSeq <= sections[^1].FirstSeq)
                throw reader.Error(at, "sections out of order");
            sections.Add(section);
        }

        return [.. sections];
    }

    private static BatchSection ReadSection(ref MessagePackReader reader, ReadOnlyMemory<byte> bytes)
    {
        int start = reader.Position;
        int elements = reader.ReadArrayHeader();
        if (elements < 3)
            throw reader.Error(start, "a section that is too short");
        Guid subject = reader.ReadUuid();
        Digest previous = reader.ReadDigest();
        ReadOnlySpan<byte> frames = reader.ReadBinary();
        int framesStart = reader.Position - frames.Length;
        (int count, ulong first, ulong last) = CheckFrames(frames, framesStart, subject);
        for (int i = 3; i < elements; i++)
            reader.Skip(WireLimits.Nesting - 3);
        Digest hash = Digest.Of(frames);
        Digest head = BatchHash.Head(subject, previous, hash);
        return new BatchSection(subject, previous, hash, head, bytes.Slice(framesStart, frames.Length), count, first, last);
    }

    private static (int Count, ulong First, ulong Last) CheckFrames(ReadOnlySpan<byte> frames, int start, Guid subject)
    {
        int count = 0;
        ulong first = 0;
        ulong last = 0;
        foreach (Frame frame in new FrameReader(frames, start))
        {
            if (frame.Header.Subject != subject)
                throw new WireFormatException(RefuseCode.Malformed, start, "a frame of another subject than its section");
            if (frame.Header.Seq <= last)
                throw new WireFormatException(RefuseCode.Malformed, start, "frames that do not ascend");
            frame.Check();
            last = frame.Header.Seq;
            first = count++ == 0 ? last : first;
        }

        return count > 0 ? (count, first, last) : throw new WireFormatException(RefuseCode.Malformed, start, "a section without frames");
    }

    // Sections ascend and none repeats a number within itself. So numbers from first to last, as many as there are frames, each once:
    // a bit for each. There are at most as many bits as frames were read.
    private static void CheckCoverage(BatchHeader header, BatchSection[] sections)
    {
        long frames = sections.Sum(section => (long)section.FrameCount);
        if (header.LastSeq - header.FirstSeq != (ulong)frames - 1)
            throw new WireFormatException(RefuseCode.Malformed, 0, $"{frames} frames for {header.FirstSeq} to {header.LastSeq}");
        if (sections.Length == 1 && sections[0].FirstSeq == header.FirstSeq && sections[0].LastSeq == header.LastSeq)
            return;
        byte[] seen = ArrayPool<byte>.Shared.Rent((int)frames);
        try
        {
            Array.Clear(seen, 0, (int)frames);
            foreach (BatchSection section in sections)
            {
                foreach (Frame frame in new FrameReader(section.Frames.Span))
                    Mark(seen.AsSpan(0, (int)frames), header.FirstSeq, frame.Header.Seq);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(seen);
        }
    }

    private static void Mark(Span<byte> seen, ulong first, ulong seq)
    {
        if (seq < first || seq - first >= (ulong)seen.Length || seen[(int)(seq - first)]++ != 0)
            throw new WireFormatException(RefuseCode.Malformed, 0, $"frame {seq} twice or outside of its batch");
    }
}
