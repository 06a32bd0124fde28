using Recorder.Cli.Output;

namespace Recorder.Cli.Export;

/// <summary>
/// Where an export goes: standard output, or a file that only has its name once it is complete. A device or pipe is written as it is. Files are readable for
/// their owner only: recordings hold what people typed.
/// </summary>
internal sealed class ExportTarget : IAsyncDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly string? _path;
    private readonly string? _partial;

    private ExportTarget(Stream stream, string? path, string? partial)
    {
        Stream = stream;
        _path = path;
        _partial = partial;
    }

    public Stream Stream { get; }

    public static ExportTarget Open(Stream standardOutput, string? path)
    {
        if (path is null or "-")
            return new ExportTarget(new BufferedStream(standardOutput, BufferSize), null, null);
        try
        {
            string target = new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
            if (OpenDevice(target) is { } device)
                return new ExportTarget(device, path, null);
            string partial = target + ".partial";
            var options = new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                BufferSize = BufferSize,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            return new ExportTarget(new FileStream(partial, options), target, partial);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandFailedException($"--output: can't write {CleanText.Of(path)}: {e.Message}");
        }
    }

    /// <summary>All was written: the file gets its name.</summary>
    public async Task CompleteAsync()
    {
        await Stream.FlushAsync();
        if (_partial is null)
            return;
        await Stream.DisposeAsync();
        File.Move(_partial, _path!, overwrite: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (_path is null)
            return; // what standard output did not take by now, nobody wants
        await Stream.DisposeAsync();
        if (_partial is not null)
            File.Delete(_partial);
    }

    /// <summary>A pipe or device that exists already; null for what a file can replace.</summary>
    private static FileStream? OpenDevice(string path)
    {
        if (!File.Exists(path))
            return null;
        var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, BufferSize);
        if (!stream.CanSeek || path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal))
            return stream;
        stream.Dispose();
        return null;
    }
}
