namespace Recorder.Wire;

/// <summary>Bytes that break FORMAT.md. The connection that brought them is refused with <see cref="Code"/>.</summary>
public sealed class WireFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">One of <see cref="RefuseCode"/>.</param>
    /// <param name="offset">Byte offset in what was decoded (message, batch or frame) at which the fault was seen.</param>
    /// <param name="reason">What is wrong, without any of the captured bytes.</param>
    public WireFormatException(string code, long offset, string reason)
        : base($"{reason} at byte {offset}")
    {
        Code = code;
        Offset = offset;
        Reason = reason;
    }

    /// <summary>The refusal code, one of <see cref="RefuseCode"/>.</summary>
    public string Code { get; }

    /// <summary>Byte offset in what was decoded.</summary>
    public long Offset { get; }

    /// <summary>What is wrong, without the offset.</summary>
    public string Reason { get; }
}
