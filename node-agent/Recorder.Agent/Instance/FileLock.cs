using Microsoft.Win32.SafeHandles;

namespace Recorder.Agent.Instance;

/// <summary>
/// An exclusive flock(2) on a file, held until disposed or until the process dies in whatever way. .NET takes it itself when a file is
/// opened with <see cref="FileShare.None"/>.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private readonly SafeFileHandle _handle;

    private FileLock(string path, SafeFileHandle handle) => (Path, _handle) = (path, handle);

    public string Path { get; }

    /// <summary>Takes the lock, making the file when it is missing; null when another process holds it.</summary>
    /// <exception cref="IOException">The file can't be opened for another reason.</exception>
    public static FileLock? TryTake(string path) => TryTake(path, FileMode.OpenOrCreate);

    /// <summary>True when some process holds the lock; false when none does or the file doesn't exist.</summary>
    public static bool IsHeld(string path)
    {
        if (!File.Exists(path))
            return false;
        using FileLock? taken = TryTake(path, FileMode.Open);
        return taken is null;
    }

    /// <summary>Marks the file as touched now.</summary>
    public void Touch(DateTimeOffset now) => File.SetLastWriteTimeUtc(_handle, now.UtcDateTime);

    public void Dispose() => _handle.Dispose();

    private static FileLock? TryTake(string path, FileMode mode)
    {
        try
        {
            return new FileLock(path, File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException failure) when (failure.HResult == WouldBlock)
        {
            return null;
        }
    }

    // On Unix an IOException carries the errno: EWOULDBLOCK of flock(2), the same on every architecture .NET runs on.
    private const int WouldBlock = 11;
}
