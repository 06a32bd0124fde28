using Recorder.Wire;

namespace Recorder.Storage;

/// <summary>A batch contradicts what is stored: refuse it, and raise the alarm.</summary>
public sealed class BatchConflictException : Exception
{
    /// <summary>Creates the exception.</summary>
    public BatchConflictException(BatchConflict conflict)
        : base($"Batch {conflict.Arrived.Number} of origin {conflict.Arrived.Origin}, epoch {conflict.Arrived.Epoch} (frames "
            + $"{conflict.Arrived.FirstSeq} to {conflict.Arrived.LastSeq}) contradicts stored batch {conflict.Stored.Number} "
            + $"({conflict.Stored.FirstSeq} to {conflict.Stored.LastSeq}).") => Conflict = conflict;

    /// <summary>Both batches.</summary>
    public BatchConflict Conflict { get; }
}

/// <summary>A batch has a frame whose values aren't those of its type.</summary>
public sealed class MalformedBatchException : Exception
{
    /// <summary>Creates the exception.</summary>
    public MalformedBatchException(Batch batch, WireFormatException inner)
        : base(inner.Message, inner) => Batch = batch;

    /// <summary>The batch.</summary>
    public Batch Batch { get; }
}
