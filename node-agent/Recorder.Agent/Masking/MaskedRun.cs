namespace Recorder.Agent.Masking;

/// <summary>
/// Stream bytes that are left out on purpose and follow one another: one gap, whose length is rounded up so that it tells little of what
/// it stands for, and whose times are those of the whole run and not of its keys.
/// </summary>
internal struct MaskedRun
{
    /// <summary>Lengths are multiples of this many bytes.</summary>
    public const ulong Granule = 64;

    /// <summary>A run is closed when it is this old, in nanoseconds, so that a long one becomes visible at all.</summary>
    public const ulong LongestTime = 60_000_000_000;

    /// <summary>And when it has this many bytes.</summary>
    public const ulong LongestLength = 1024 * 1024;

    /// <summary>Kernel offset of the first byte.</summary>
    public ulong Start { get; private set; }

    /// <summary>Bytes; 0: there is no run.</summary>
    public ulong Length { get; private set; }

    /// <summary>When the first byte came.</summary>
    public ulong From { get; private set; }

    /// <summary>When the last byte came.</summary>
    public ulong To { get; private set; }

    /// <summary>Whether there is a run.</summary>
    public readonly bool IsOpen => Length > 0;

    /// <summary>The length as it is told.</summary>
    public readonly ulong Rounded => (Length + Granule - 1) / Granule * Granule;

    /// <summary>Whether bytes at this kernel offset continue the run.</summary>
    public readonly bool Continues(ulong offset) => IsOpen && Start + Length == offset;

    /// <summary>Whether the run is to be closed by its age or size.</summary>
    public readonly bool IsDue(ulong now) => IsOpen && (Length >= LongestLength || now > From + LongestTime);

    /// <summary>Begins or continues a run.</summary>
    public void Add(ulong time, ulong offset, ulong length)
    {
        if (!IsOpen)
            (Start, From) = (offset, time);
        Length += length;
        To = Math.Max(To, time);
    }
}
