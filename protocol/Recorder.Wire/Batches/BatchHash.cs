namespace Recorder.Wire;

/// <summary>The hashes of a batch, as FORMAT.md chains them.</summary>
public static class BatchHash
{
    private const byte Leaf = 0x00;

    /// <summary>A subject's new head, which is a leaf of the batch: SHA-256(0x00 ‖ subject ‖ previous head ‖ section hash).</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="previousHead">The head before; zeros for the subject's first section in the epoch.</param>
    /// <param name="section">SHA-256 of the section's frames.</param>
    public static Digest Head(Guid subject, Digest previousHead, Digest section)
    {
        Span<byte> bytes = stackalloc byte[1 + 16 + (2 * WireLimits.Hash)];
        bytes[0] = Leaf;
        subject.TryWriteBytes(bytes[1..], bigEndian: true, out _);
        previousHead.CopyTo(bytes[17..]);
        section.CopyTo(bytes[(17 + WireLimits.Hash)..]);
        return Digest.Of(bytes);
    }

    /// <summary>The batch's hash: SHA-256(header bytes ‖ root).</summary>
    public static Digest Batch(ReadOnlySpan<byte> header, ReadOnlySpan<Digest> heads)
    {
        // A canonical header is at most 136 bytes; a decoder passes what it read, which may have elements of a later version.
        byte[]? large = header.Length > 512 ? new byte[header.Length + WireLimits.Hash] : null;
        Span<byte> bytes = large ?? stackalloc byte[512 + WireLimits.Hash];
        header.CopyTo(bytes);
        MerkleTree.Root(heads).CopyTo(bytes[header.Length..]);
        return Digest.Of(bytes[..(header.Length + WireLimits.Hash)]);
    }
}
