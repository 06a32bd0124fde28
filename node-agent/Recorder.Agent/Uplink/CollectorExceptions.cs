using Recorder.Wire;

namespace Recorder.Agent.Uplink;

/// <summary>The collector sent REFUSE.</summary>
internal sealed class CollectorRefusedException(string code, string reason) : Exception($"{code}: {reason}")
{
    public string Code { get; } = code;

    public string Reason { get; } = reason;

    /// <summary>True when the same bytes may be welcome later.</summary>
    public bool IsTemporary => Code is RefuseCode.ShuttingDown or RefuseCode.StoreUnavailable;
}

/// <summary>The collector said something that the protocol has no place for.</summary>
internal sealed class CollectorProtocolException(string message) : Exception(message);
