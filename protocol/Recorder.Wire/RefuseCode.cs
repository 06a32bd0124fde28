namespace Recorder.Wire;

/// <summary>Codes of a REFUSE message.</summary>
public static class RefuseCode
{
    /// <summary>No version that both sides speak.</summary>
    public const string Version = "version";

    /// <summary>Bytes that do not follow FORMAT.md.</summary>
    public const string Malformed = "malformed";

    /// <summary>A message above <see cref="WireLimits.Message"/>.</summary>
    public const string MessageTooLarge = "message_too_large";

    /// <summary>A batch above <see cref="WireLimits.Batch"/> or with too many sections.</summary>
    public const string BatchTooLarge = "batch_too_large";

    /// <summary>A frame above <see cref="WireLimits.Frame"/>.</summary>
    public const string FrameTooLarge = "frame_too_large";

    /// <summary>A frame type below 128 that this version does not know.</summary>
    public const string UnknownFrame = "unknown_frame";

    /// <summary>A batch that does not continue the epoch.</summary>
    public const string Sequence = "sequence";

    /// <summary>A batch of another origin or epoch than HELLO named, or an origin that may not connect.</summary>
    public const string Origin = "origin";

    /// <summary>Ingest without certificates accepts loopback only.</summary>
    public const string NotLoopback = "not_loopback";

    /// <summary>The same sequence was already stored with other bytes.</summary>
    public const string Conflict = "conflict";

    /// <summary>The sender is stopping: reconnect later.</summary>
    public const string ShuttingDown = "shutting_down";

    /// <summary>The store cannot be reached: reconnect later.</summary>
    public const string StoreUnavailable = "store_unavailable";
}
