using Recorder.Storage;
using Recorder.Wire;

namespace Recorder.Collector.Web;

/// <summary>How the API writes enumerations. Values that this version doesn't know are written as numbers.</summary>
internal static class ApiNames
{
    private static readonly string[] StreamNames = ["in", "out", "err"];

    public static IReadOnlyList<string> Streams => StreamNames;

    public static string Stream(byte stream) => stream < StreamNames.Length ? StreamNames[stream] : Number(stream);

    /// <summary>The stream's number, or null for a name that isn't one.</summary>
    public static byte? Stream(string name) => Array.IndexOf(StreamNames, name) is >= 0 and int index ? (byte)index : null;

    /// <summary>RFC 3339 with nanoseconds.</summary>
    public static string Time(long nanoseconds) => UnixTime.ToRfc3339(nanoseconds);

    public static string? Time(long? nanoseconds) => nanoseconds is { } known ? UnixTime.ToRfc3339(known) : null;

    public static string Of(Verdict verdict) => verdict switch
    {
        Storage.Verdict.Open => "OPEN",
        Storage.Verdict.Complete => "COMPLETE",
        Storage.Verdict.Gapped => "GAPPED",
        _ => "UNPROVEN",
    };

    public static Verdict? Verdict(string? name) => name switch
    {
        "OPEN" => Storage.Verdict.Open,
        "COMPLETE" => Storage.Verdict.Complete,
        "GAPPED" => Storage.Verdict.Gapped,
        "UNPROVEN" => Storage.Verdict.Unproven,
        _ => null,
    };

    public static string Of(Proof proof) => proof switch
    {
        Proof.None => "NONE",
        Proof.Pending => "PENDING",
        Proof.Anchored => "ANCHORED",
        _ => "FAILED",
    };

    public static string Of(GapReason reason) => reason switch
    {
        GapReason.RingFull => "RING_FULL",
        GapReason.Truncated => "TRUNCATED",
        GapReason.PageFault => "PAGE_FAULT",
        GapReason.MapFull => "MAP_FULL",
        GapReason.ProgramMissed => "PROGRAM_MISSED",
        GapReason.AgentDown => "AGENT_DOWN",
        GapReason.SpoolFull => "SPOOL_FULL",
        GapReason.Corrupt => "CORRUPT",
        GapReason.Policy => "POLICY",
        GapReason.OpenLate => "OPEN_LATE",
        _ => Number((byte)reason),
    };

    public static string Of(GapPlace place) => place switch
    {
        GapPlace.Kernel => "KERNEL",
        GapPlace.Agent => "AGENT",
        GapPlace.Queue => "QUEUE",
        GapPlace.Collector => "COLLECTOR",
        _ => Number((byte)place),
    };

    public static string Of(StreamEndCause cause) => cause switch
    {
        StreamEndCause.Eof => "EOF",
        StreamEndCause.Hangup => "HANGUP",
        StreamEndCause.SessionEnded => "SESSION_ENDED",
        StreamEndCause.AgentDown => "AGENT_DOWN",
        _ => Number((byte)cause),
    };

    public static string Of(SessionEndCause cause) => cause switch
    {
        SessionEndCause.Closed => "CLOSED",
        SessionEndCause.NotObserved => "NOT_OBSERVED",
        _ => Number((byte)cause),
    };

    private static string Number(int value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
