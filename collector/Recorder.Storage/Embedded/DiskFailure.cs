namespace Recorder.Storage;

/// <summary>Tells a full disk from one that may not be written.</summary>
internal static class DiskFailure
{
    // .NET puts the errno in the low bits of HResult for some errors and the system's text in all of them.
    private const int NoSpace = 28;

    public static StoreException ToStoreException(Exception failure, string path)
    {
        bool full = (failure.HResult & 0xffff) == NoSpace
            || failure.Message.Contains("No space left", StringComparison.OrdinalIgnoreCase)
            || failure.Message.Contains("disk is full", StringComparison.OrdinalIgnoreCase)
            || failure.Message.Contains("not enough space", StringComparison.OrdinalIgnoreCase);
        return full
            ? new StoreException(StoreError.OutOfDisk, $"The disk of {path} is full: {failure.Message}", inner: failure)
            : new StoreException(StoreError.Engine, $"The store directory {path} can't be written: {failure.Message}", inner: failure);
    }
}
