namespace Recorder.Wire;

/// <summary>Asks what is stored of some subjects.</summary>
/// <param name="Subjects">At most <see cref="WireLimits.Elements"/>.</param>
public sealed record Heads(IReadOnlyList<Guid> Subjects) : Message
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.Heads;

    internal override int Elements => 1;

    internal override void WriteElements(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Subjects.Count);
        foreach (Guid subject in Subjects)
            writer.WriteUuid(subject);
    }

    internal static Heads ReadElements(ref MessagePackReader reader)
    {
        int count = FrameCollections.ReadArrayCount(ref reader);
        var subjects = new List<Guid>();
        for (int i = 0; i < count; i++)
            subjects.Add(reader.ReadUuid());
        return new Heads(subjects);
    }
}

/// <summary>How far a stream is stored.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="End">The highest offset + length of its DATA and GAP frames.</param>
public readonly record struct StreamHead(StreamId Stream, ulong End);

/// <summary>What is stored of a subject.</summary>
/// <param name="Subject">The subject.</param>
/// <param name="Revision">The highest revision of its SESSION frames.</param>
/// <param name="Streams">Its streams of which something is stored.</param>
public sealed record SubjectHead(Guid Subject, ulong Revision, IReadOnlyList<StreamHead> Streams);

/// <summary>The answer to HEADS. A subject that is not stored is left out.</summary>
/// <param name="Subjects">What is stored.</param>
public sealed record HeadsAre(IReadOnlyList<SubjectHead> Subjects) : Message
{
    /// <inheritdoc/>
    public override MessageKind Kind => MessageKind.HeadsAre;

    internal override int Elements => 1;

    internal override void WriteElements(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Subjects.Count);
        foreach (SubjectHead head in Subjects)
        {
            writer.WriteArrayHeader(3);
            writer.WriteUuid(head.Subject);
            writer.WriteUInt64(head.Revision);
            writer.WriteArrayHeader(head.Streams.Count);
            foreach (StreamHead stream in head.Streams)
            {
                writer.WriteArrayHeader(2);
                writer.WriteUInt64((byte)stream.Stream);
                writer.WriteUInt64(stream.End);
            }
        }
    }

    internal static HeadsAre ReadElements(ref MessagePackReader reader)
    {
        int count = FrameCollections.ReadArrayCount(ref reader);
        var heads = new List<SubjectHead>();
        for (int i = 0; i < count; i++)
        {
            int extra = Structure(ref reader, 3);
            heads.Add(new SubjectHead(reader.ReadUuid(), reader.ReadUInt64(), ReadStreams(ref reader)));
            SkipExtra(ref reader, extra);
        }

        return new HeadsAre(heads);
    }

    private static List<StreamHead> ReadStreams(ref MessagePackReader reader)
    {
        int start = reader.Position;
        int count = reader.ReadArrayHeader();
        if (count > WireLimits.Streams)
            throw reader.Error(start, $"{count} streams");
        var streams = new List<StreamHead>(count);
        for (int i = 0; i < count; i++)
        {
            int extra = Structure(ref reader, 2);
            streams.Add(new StreamHead(FrameValues.ReadStream(ref reader), reader.ReadUInt64()));
            SkipExtra(ref reader, extra);
        }

        return streams;
    }

    // An array that stands for a structure: how many values of a later version follow the known ones.
    private static int Structure(ref MessagePackReader reader, int known)
    {
        int start = reader.Position;
        int count = reader.ReadArrayHeader();
        return count >= known ? count - known : throw reader.Error(start, "a structure that is too short");
    }

    private static void SkipExtra(ref MessagePackReader reader, int count)
    {
        for (int i = 0; i < count; i++)
            reader.Skip();
    }
}
