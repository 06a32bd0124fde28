namespace Recorder.Wire;

/// <summary>Values that several frames share.</summary>
internal static class FrameValues
{
    internal static StreamId ReadStream(ref MessagePackReader reader) => (StreamId)reader.ReadUInt64((byte)StreamId.Err);

    /// <summary>Reads an enum whose values go from 1 to <paramref name="last"/>.</summary>
    internal static byte ReadCode(ref MessagePackReader reader, byte last)
    {
        int start = reader.Position;
        ulong code = reader.ReadUInt64(last);
        return code > 0 ? (byte)code : throw reader.Error(start, "the code 0");
    }

    internal static uint ReadUInt32(ref MessagePackReader reader) => (uint)reader.ReadUInt64(uint.MaxValue);

    internal static ushort ReadUInt16(ref MessagePackReader reader) => (ushort)reader.ReadUInt64(ushort.MaxValue);

    internal static ulong? ReadOptionalUInt64(ref MessagePackReader reader) => reader.TryReadNil() ? null : reader.ReadUInt64();

    internal static int? ReadOptionalInt32(ref MessagePackReader reader) => reader.TryReadNil() ? null : reader.ReadInt32();

    internal static void WriteOptional(ref MessagePackWriter writer, ulong? value)
    {
        if (value.HasValue)
            writer.WriteUInt64(value.GetValueOrDefault());
        else
            writer.WriteNil();
    }

    internal static void WriteOptional(ref MessagePackWriter writer, int? value)
    {
        if (value.HasValue)
            writer.WriteInt64(value.GetValueOrDefault());
        else
            writer.WriteNil();
    }
}
