using Recorder.Wire;

namespace Recorder.Agent.Sessions;

/// <summary>One stream of a stored session; offsets are bytes.</summary>
/// <param name="Stream">Which.</param>
/// <param name="IsTerminal">Whether it is a terminal's.</param>
/// <param name="IsObserved">Whether the kernel sends its bytes.</param>
/// <param name="HasEnded">Whether its end was given away.</param>
/// <param name="Next">The kernel offset that is expected next, exact where the session was stored clean.</param>
/// <param name="Shift">Stream offset less kernel offset.</param>
/// <param name="Total">Its length where it has ended.</param>
/// <param name="EndCause">Why it ended, where it has.</param>
/// <param name="IsMasking">Whether input was being masked whose gap wasn't written yet.</param>
internal sealed record StoredStream(
    StreamId Stream, bool IsTerminal, bool IsObserved, bool HasEnded, ulong Next, ulong Shift, ulong Total, StreamEndCause EndCause, bool IsMasking);

/// <summary>What is stored of a session, so that the next agent knows it again.</summary>
internal sealed record StoredSession
{
    public required Guid Id { get; init; }

    public required Guid BootId { get; init; }

    /// <summary>Names the load of the kernel programs that <see cref="Number"/> belongs to.</summary>
    public required ulong LoadTime { get; init; }

    public required ulong Number { get; init; }

    /// <summary>Everything that was taken from the kernel is in frames.</summary>
    public required bool Clean { get; init; }

    /// <summary>SESSION_END was given away; processes of it may still run.</summary>
    public required bool Ended { get; init; }

    public required ulong RootPid { get; init; }

    /// <summary>With <see cref="BootId"/> and <see cref="RootPid"/> it names the session for ever.</summary>
    public required ulong RootStart { get; init; }

    public required bool RootExited { get; init; }

    /// <summary>The newest record's time.</summary>
    public required ulong LastTime { get; init; }

    public required SessionSnapshot Snapshot { get; init; }

    public required IReadOnlyList<StoredStream> Streams { get; init; }
}
