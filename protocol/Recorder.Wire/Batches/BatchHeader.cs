namespace Recorder.Wire;

/// <summary>What a batch begins with.</summary>
/// <param name="Origin">Who wrote it.</param>
/// <param name="Epoch">The origin's epoch.</param>
/// <param name="Number">Its number in the epoch, from 0.</param>
/// <param name="FirstSeq">The first frame's number.</param>
/// <param name="LastSeq">The last frame's number.</param>
/// <param name="BootId">The boot whose CLOCK_BOOTTIME the frames carry.</param>
/// <param name="BootTime">CLOCK_BOOTTIME when it was cut, nanoseconds.</param>
/// <param name="RealTime">The same instant in nanoseconds since the Unix epoch.</param>
/// <param name="Previous">Hash of the batch before; zeros for the epoch's first.</param>
public sealed record BatchHeader(
    Guid Origin,
    Guid Epoch,
    ulong Number,
    ulong FirstSeq,
    ulong LastSeq,
    Guid BootId,
    ulong BootTime,
    ulong RealTime,
    Digest Previous)
{
    internal const int Elements = 10;

    /// <summary>Version of the batch's layout.</summary>
    internal const ulong Layout = 1;

    /// <summary>Wall time of an instant of this boot, nanoseconds since the Unix epoch.</summary>
    public long WallTime(ulong bootTime) => unchecked((long)(RealTime + bootTime - BootTime));

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(Elements);
        writer.WriteUInt64(Layout);
        writer.WriteUuid(Origin);
        writer.WriteUuid(Epoch);
        writer.WriteUInt64(Number);
        writer.WriteUInt64(FirstSeq);
        writer.WriteUInt64(LastSeq);
        writer.WriteUuid(BootId);
        writer.WriteUInt64(BootTime);
        writer.WriteUInt64(RealTime);
        writer.WriteDigest(Previous);
    }

    internal static BatchHeader Read(ref MessagePackReader reader)
    {
        int start = reader.Position;
        int count = reader.ReadArrayHeader();
        if (count < Elements)
            throw reader.Error(start, "a batch header that is too short");
        if (reader.ReadUInt64() != Layout)
            throw reader.Error(start, "a batch of another version", RefuseCode.Version);
        var header = new BatchHeader(
            reader.ReadUuid(),
            reader.ReadUuid(),
            reader.ReadUInt64(),
            reader.ReadUInt64(),
            reader.ReadUInt64(),
            reader.ReadUuid(),
            reader.ReadUInt64(),
            reader.ReadUInt64(long.MaxValue),
            reader.ReadDigest());
        for (int i = Elements; i < count; i++)
            reader.Skip(WireLimits.Nesting - 2);
        if (header.FirstSeq == 0 || header.LastSeq < header.FirstSeq)
            throw reader.Error(start, "a batch without frames");
        return header;
    }
}
