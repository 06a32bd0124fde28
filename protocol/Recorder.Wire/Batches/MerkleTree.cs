using System.Numerics;

namespace Recorder.Wire;

/// <summary>The Merkle tree hash of RFC 6962, section 2.1, over leaf hashes that are already made.</summary>
public static class MerkleTree
{
    private const byte InnerNode = 0x01;

    /// <summary>The root over the leaves in order. Of no leaves it is SHA-256 of nothing.</summary>
    public static Digest Root(ReadOnlySpan<Digest> leaves)
    {
        if (leaves.IsEmpty)
            return Digest.Of([]);
        if (leaves.Length == 1)
            return leaves[0];
        int split = 1 << BitOperations.Log2((uint)leaves.Length - 1);
        return Inner(Root(leaves[..split]), Root(leaves[split..]));
    }

    private static Digest Inner(Digest left, Digest right)
    {
        Span<byte> bytes = stackalloc byte[1 + (2 * WireLimits.Hash)];
        bytes[0] = InnerNode;
        left.CopyTo(bytes[1..]);
        right.CopyTo(bytes[(1 + WireLimits.Hash)..]);
        return Digest.Of(bytes);
    }
}
