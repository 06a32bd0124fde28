using System.Buffers.Binary;
using System.Buffers.Text;

namespace Recorder.Storage;

/// <summary>The place of a session in the list: newest start first, then the higher id.</summary>
internal sealed record SessionCursor(long Started, Guid Id)
{
    private const int Size = 24;

    /// <exception cref="StoreException">It isn't one of ours.</exception>
    public static SessionCursor Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[64];
        if (text.Length > 64 || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out int length) || length != Size)
            throw new StoreException(StoreError.InvalidArgument, "The cursor isn't one that this API gave.");
        return new SessionCursor(BinaryPrimitives.ReadInt64BigEndian(bytes), new Guid(bytes[8..Size], bigEndian: true));
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Started);
        Id.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }
}
