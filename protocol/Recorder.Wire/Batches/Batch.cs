namespace Recorder.Wire;

/// <summary>The frames of one subject in a batch.</summary>
/// <param name="Subject">The subject.</param>
/// <param name="PreviousHead">The subject's head before this section; zeros for its first in the epoch.</param>
/// <param name="Hash">SHA-256 of the frames.</param>
/// <param name="Head">The subject's head with this section.</param>
/// <param name="Frames">The encoded frames, one after another: for <see cref="FrameReader"/>.</param>
/// <param name="FrameCount">How many they are.</param>
/// <param name="FirstSeq">The first frame's number.</param>
/// <param name="LastSeq">The last frame's number.</param>
public sealed record BatchSection(
    Guid Subject,
    Digest PreviousHead,
    Digest Hash,
    Digest Head,
    ReadOnlyMemory<byte> Frames,
    int FrameCount,
    ulong FirstSeq,
    ulong LastSeq);

/// <summary>
/// A batch that was read and is in order: every number from first to last is in exactly one section, frames ascend, subjects agree,
/// every body can be read, hashes are computed. Whether it continues an epoch, and its heads those of its subjects, the receiver compares with what it has.
/// </summary>
public sealed class Batch
{
    internal Batch(ReadOnlyMemory<byte> bytes, BatchHeader header, IReadOnlyList<BatchSection> sections, Digest hash)
    {
        Bytes = bytes;
        Header = header;
        Sections = sections;
        Hash = hash;
    }

    /// <summary>The batch as it is encoded.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Its header.</summary>
    public BatchHeader Header { get; }

    /// <summary>Its sections, in the order in which their subjects first occur.</summary>
    public IReadOnlyList<BatchSection> Sections { get; }

    /// <summary>SHA-256(header bytes ‖ root).</summary>
    public Digest Hash { get; }

    /// <summary>Reads a batch and checks all that can be checked without knowing what came before.</summary>
    /// <param name="bytes">The encoded batch; it is kept, not copied.</param>
    /// <exception cref="WireFormatException">It is not a batch of FORMAT.md.</exception>
    public static Batch Read(ReadOnlyMemory<byte> bytes) => BatchReader.Read(bytes);
}
