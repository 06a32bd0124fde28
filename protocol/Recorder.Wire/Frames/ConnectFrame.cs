using System.Buffers;

namespace Recorder.Wire;

/// <summary>A process connected a socket, or tried to.</summary>
public readonly ref struct ConnectFrame
{
    internal const int Elements = 8;

    /// <summary>AF_UNIX of socket(7).</summary>
    public const ushort FamilyUnix = 1;

    /// <summary>AF_INET of socket(7).</summary>
    public const ushort FamilyInet = 2;

    /// <summary>AF_INET6 of socket(7).</summary>
    public const ushort FamilyInet6 = 10;

    /// <summary>Pid of the process as the host sees it.</summary>
    public required uint Pid { get; init; }

    /// <summary>When the process started, CLOCK_BOOTTIME nanoseconds.</summary>
    public required ulong Start { get; init; }

    /// <summary>Names the socket until it is closed.</summary>
    public required ulong Socket { get; init; }

    /// <summary>Address family, as in socket(7).</summary>
    public required ushort Family { get; init; }

    /// <summary>6 TCP, 17 UDP, 0 for AF_UNIX.</summary>
    public required ushort Protocol { get; init; }

    /// <summary>4 or 16 bytes in network order; for AF_UNIX the path's bytes (abstract names begin with NUL).</summary>
    public required ReadOnlySpan<byte> Address { get; init; }

    /// <summary>Port; 0 for AF_UNIX.</summary>
    public required ushort Port { get; init; }

    /// <summary>0, or a positive errno; EINPROGRESS (115) may be followed by another CONNECT of the same socket.</summary>
    public required uint Result { get; init; }

    /// <summary>Appends the frame to the output. Allocates nothing.</summary>
    public void Write(IBufferWriter<byte> output, ulong seq, ulong time, Guid subject)
    {
        MessagePackWriter writer = FrameHeader.Begin(output, FrameType.Connect, Elements, seq, time, subject);
        writer.WriteUInt64(Pid);
        writer.WriteUInt64(Start);
        writer.WriteUInt64(Socket);
        writer.WriteUInt64(Family);
        writer.WriteUInt64(Protocol);
        writer.WriteBinary(Address);
        writer.WriteUInt64(Port);
        writer.WriteUInt64(Result);
        writer.Flush();
    }

    /// <summary>Reads the body of a CONNECT frame.</summary>
    public static ConnectFrame Read(ref MessagePackReader reader)
    {
        int start = reader.Position;
        var frame = new ConnectFrame
        {
            Pid = FrameValues.ReadUInt32(ref reader),
            Start = reader.ReadUInt64(),
            Socket = reader.ReadUInt64(),
            Family = FrameValues.ReadUInt16(ref reader),
            Protocol = FrameValues.ReadUInt16(ref reader),
            Address = reader.ReadBinary(),
            Port = FrameValues.ReadUInt16(ref reader),
            Result = FrameValues.ReadUInt32(ref reader),
        };
        bool fits = frame.Family switch
        {
            FamilyInet => frame.Address.Length == 4,
            FamilyInet6 => frame.Address.Length == 16,
            _ => frame.Address.Length <= LongestAddress,
        };
        return fits ? frame : throw reader.Error(start, $"an address of {frame.Address.Length} bytes in family {frame.Family}");
    }

    // sizeof(sun_path) of unix(7).
    private const int LongestAddress = 108;
}
