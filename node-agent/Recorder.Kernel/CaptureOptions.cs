using System.Numerics;

namespace Recorder.Kernel;

/// <summary>When the programs on the I/O path are attached.</summary>
public enum CaptureMode
{
    /// <summary>While a session is pending or has a stream: costs nothing otherwise.</summary>
    Lazy,

    /// <summary>Always.</summary>
    Strict,
}

/// <summary>How the kernel programs are loaded and read.</summary>
public sealed record CaptureOptions
{
    /// <summary>The least a ring can have: room for two records of the largest size.</summary>
    public const int MinRingBytes = 64 * 1024;

    /// <summary>The most: the kernel's own limit for what is mapped twice.</summary>
    public const int MaxRingBytes = 1 << 30;

    /// <summary>The ring's size in bytes: a power of two, 64 KiB to 1 GiB.</summary>
    public int RingBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>When the stream programs are attached.</summary>
    public CaptureMode Mode { get; init; } = CaptureMode.Lazy;

    /// <summary>Record host terminals (ssh, login, script, tmux) too.</summary>
    public bool HostTerminals { get; init; }

    /// <summary>Leave out, in the kernel, cooked input typed while echo is off.</summary>
    public bool MaskEchoOff { get; init; } = true;

    /// <summary>Take the container from cgroup v1 hierarchies even where the unified one knows it; for tests.</summary>
    public bool ForceCgroupV1 { get; init; }

    /// <summary>A directory on a bpffs where everything is pinned, so that capture goes on without the agent; null: not pinned.</summary>
    public string? PinDirectory { get; init; }

    /// <summary>Mount a bpffs at /sys/fs/bpf where the pin directory is below it and none is there.</summary>
    public bool MountBpffs { get; init; }

    /// <summary>How long the stream programs stay attached after the last stream closed; 0 to 1 hour.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Unread bytes at which the kernel wakes the reader before its poll: at most half the ring; 0: every record does.</summary>
    public int WakeBytes { get; init; } = 1024 * 1024;

    /// <summary>SCHED_FIFO priority of the ring's thread, 1 to 99; 0: the ordinary scheduler.</summary>
    public int RealTimePriority { get; init; } = 10;

    /// <summary>Checks every value.</summary>
    /// <exception cref="CaptureOptionsException">Names the key, the value and what is allowed.</exception>
    public void Validate()
    {
        if (RingBytes is < MinRingBytes or > MaxRingBytes || !BitOperations.IsPow2(RingBytes))
            throw new CaptureOptionsException(nameof(RingBytes), RingBytes, "a power of two from 65536 to 1073741824");
        if (Mode is not (CaptureMode.Lazy or CaptureMode.Strict))
            throw new CaptureOptionsException(nameof(Mode), Mode, "lazy or strict");
        if (Linger < TimeSpan.Zero || Linger > TimeSpan.FromHours(1))
            throw new CaptureOptionsException(nameof(Linger), Linger, "0 to 1 hour");
        if (WakeBytes < 0 || WakeBytes > RingBytes / 2)
            throw new CaptureOptionsException(nameof(WakeBytes), WakeBytes, "0 to half of RingBytes");
        if (RealTimePriority is < 0 or > 99)
            throw new CaptureOptionsException(nameof(RealTimePriority), RealTimePriority, "0 to 99");
        if (PinDirectory is not null && !Path.IsPathFullyQualified(PinDirectory))
            throw new CaptureOptionsException(nameof(PinDirectory), PinDirectory, "an absolute path");
    }
}
