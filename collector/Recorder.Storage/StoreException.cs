namespace Recorder.Storage;

/// <summary>What kind of failure the store reported.</summary>
public enum StoreError
{
    /// <summary>Anything not named below; see the code and message.</summary>
    Other,

    /// <summary>No connection, connection lost, time-out, or the engine is restarting.</summary>
    Unavailable,

    /// <summary>Wrong user or password, or a missing grant.</summary>
    Authentication,

    /// <summary>The disk, or ClickHouse's reserve on it, is full.</summary>
    OutOfDisk,

    /// <summary>The table, user or server is read-only.</summary>
    ReadOnly,

    /// <summary>Merges don't keep up with inserts (TOO_MANY_PARTS).</summary>
    TooManyParts,

    /// <summary>The server, a user or a query is over a memory, time or concurrency limit.</summary>
    Overloaded,

    /// <summary>A parameter or pattern that came from the caller isn't valid (a bad regular expression, for instance).</summary>
    InvalidArgument,

    /// <summary>The schema in the store is newer than this program, or was changed.</summary>
    Schema,

    /// <summary>The embedded engine can't be started.</summary>
    Engine,
}

/// <summary>A failure of the store, with ClickHouse's error code where it has one.</summary>
public sealed class StoreException : Exception
{
    /// <summary>Creates the exception.</summary>
    public StoreException(StoreError error, string message, int code = 0, bool transient = false, Exception? inner = null)
        : base(message, inner)
    {
        Error = error;
        Code = code;
        IsTransient = transient;
    }

    /// <summary>The kind of failure.</summary>
    public StoreError Error { get; }

    /// <summary>ClickHouse's error code, 0 where the failure isn't ClickHouse's.</summary>
    public int Code { get; }

    /// <summary>True if the same request may succeed later without anybody changing anything.</summary>
    public bool IsTransient { get; }
}
