namespace Recorder.Collector;

/// <summary>Everything that the collector logs. Nothing recorded, no password and no query text is ever logged.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "ready: API {Api}, ingest {Ingest}, ClickHouse {ClickHouse}, store {Store}")]
    public static partial void Ready(ILogger log, string api, string ingest, string clickHouse, string store);

    [LoggerMessage(2, LogLevel.Information, "recorder-collector {Version}: ingest has no certificates yet and accepts loopback peers only")]
    public static partial void Starting(ILogger log, string version);

    [LoggerMessage(3, LogLevel.Information, "stopping: {Reason}")]
    public static partial void Stopping(ILogger log, string reason);

    [LoggerMessage(4, LogLevel.Information, "stopped")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(5, LogLevel.Warning, "batches that the store did not confirm in time are left to the agents")]
    public static partial void LeftUnconfirmed(ILogger log);

    [LoggerMessage(6, LogLevel.Critical, "{Part} failed; the collector ends")]
    public static partial void PartFailed(ILogger log, Exception failure, string part);

    [LoggerMessage(7, LogLevel.Warning, "the API listens on {Address}: it has no authentication yet, whoever reaches it reads every recording")]
    public static partial void Exposed(ILogger log, string address);

    [LoggerMessage(10, LogLevel.Error, "accepting a connection failed: {Reason}")]
    public static partial void AcceptFailed(ILogger log, string reason);

    [LoggerMessage(11, LogLevel.Information, "agent {Cluster}/{Node} writes epoch {Epoch}, durable up to {Seq}")]
    public static partial void AgentWelcomed(ILogger log, string cluster, string node, Guid epoch, ulong seq);

    [LoggerMessage(12, LogLevel.Warning, "connection of {Peer} refused: {Code}: {Reason}")]
    public static partial void ConnectionRefused(ILogger log, string peer, string code, string reason);

    [LoggerMessage(13, LogLevel.Information, "connection of {Peer} ended: {Reason}")]
    public static partial void ConnectionLost(ILogger log, string peer, string reason);

    [LoggerMessage(14, LogLevel.Error, "connection of {Peer} failed")]
    public static partial void ConnectionFailed(ILogger log, Exception failure, string peer);

    [LoggerMessage(15, LogLevel.Critical, "ALARM: origin {Origin} epoch {Epoch} sent the frames {First} to {Last} again with other bytes than are stored")]
    public static partial void BatchConflict(ILogger log, Guid origin, Guid epoch, ulong first, ulong last);

    [LoggerMessage(16, LogLevel.Debug, "insert of {Batches} batches failed, again in {PauseMilliseconds} ms: {Reason}")]
    public static partial void InsertRetried(ILogger log, int batches, double pauseMilliseconds, string reason);

    [LoggerMessage(17, LogLevel.Critical, "the store refuses the frames {First} to {Last} of origin {Origin} epoch {Epoch}; its connection is closed: {Reason}")]
    public static partial void BatchUnstorable(ILogger log, Guid origin, Guid epoch, ulong first, ulong last, string reason);

    [LoggerMessage(20, LogLevel.Error, "the store does not work, nothing is acknowledged until it does: {Reason}")]
    public static partial void StoreFailed(ILogger log, string reason);

    [LoggerMessage(21, LogLevel.Information, "the store works again")]
    public static partial void StoreRecovered(ILogger log);

    [LoggerMessage(22, LogLevel.Warning, "a request of a ClickHouse client failed: {Reason}")]
    public static partial void ProxyFailed(ILogger log, string reason);

    [LoggerMessage(23, LogLevel.Warning, "verdicts of earlier sessions could not be computed yet: {Reason}")]
    public static partial void VerdictsDelayed(ILogger log, string reason);

    [LoggerMessage(24, LogLevel.Information, "verdicts of {Sessions} sessions that ended earlier were computed")]
    public static partial void VerdictsCaughtUp(ILogger log, int sessions);

    [LoggerMessage(31, LogLevel.Warning, "the answer to {Path} was cut: {Reason}")]
    public static partial void AnswerCut(ILogger log, string path, string reason);

    [LoggerMessage(30, LogLevel.Error, "request {Path} failed")]
    public static partial void RequestFailed(ILogger log, Exception failure, string path);
}
