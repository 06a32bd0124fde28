using Recorder.Kernel.Host;
using Recorder.Kernel.Interop;

namespace Recorder.Kernel.Pins;

/// <summary>The directory that holds the layouts, locked: only one agent may read a ring.</summary>
internal sealed class PinRoot : IDisposable
{
    private readonly KernelHandle _lock;

    private PinRoot(string directory, KernelHandle held)
    {
        Directory = directory;
        _lock = held;
    }

    public string Directory { get; }

    /// <summary>The layouts that are there, whole or not.</summary>
    public IEnumerable<PinLayout> Layouts => System.IO.Directory.EnumerateDirectories(Directory)
        .Where(d => PinLayout.IsLayoutName(Path.GetFileName(d)))
        .Select(d => new PinLayout(d))
        .ToList();

    /// <summary>Null where nothing can be pinned: the notice says why.</summary>
    /// <exception cref="CaptureException">Another agent holds the directory.</exception>
    public static PinRoot? Open(CaptureOptions options, Action<CaptureNotice> notice)
    {
        if (options.PinDirectory is not { } directory)
            return null;
        if (FindObstacle(directory, options.MountBpffs) is { } obstacle)
        {
            notice(new(CaptureNoticeKind.NotPinned, directory, obstacle));
            return null;
        }
        System.IO.Directory.CreateDirectory(directory);
        return new PinRoot(directory, Lock(directory));
    }

    public void Dispose() => _lock.Dispose();

    /// <summary>Removes all layouts, and the directory where nothing else is in it.</summary>
    /// <exception cref="CaptureException">An agent holds it.</exception>
    public static void Uninstall(string directory)
    {
        if (!System.IO.Directory.Exists(directory))
            return;
        using (var root = new PinRoot(directory, Lock(directory)))
        {
            foreach (PinLayout layout in root.Layouts)
                _ = PinRetirement.Retire(layout);
        }
        if (directory != Bpffs.DefaultMount && !System.IO.Directory.EnumerateFileSystemEntries(directory).Any())
            System.IO.Directory.Delete(directory);
    }

    /// <exception cref="CaptureException">Another process holds it.</exception>
    internal static KernelHandle Lock(string directory)
    {
        KernelHandle held = KernelHandle.Take(
            LibC.Open(directory, LibC.OpenDirectory | LibC.OpenCloseOnExec), "opening " + directory);
        if (LibC.FLock(held, LibC.LockExclusive | LibC.LockNonBlocking) == 0)
            return held;
        int error = Errno.Last;
        held.Dispose();
        throw new CaptureException(error == Errno.Again
            ? $"another agent uses the pins in {directory}"
            : $"locking {directory}: {Errno.Describe(error)}");
    }

    private static string? FindObstacle(string directory, bool mayMount)
    {
        if (Bpffs.Contains(directory))
            return null;
        bool below = directory == Bpffs.DefaultMount || directory.StartsWith(Bpffs.DefaultMount + "/", StringComparison.Ordinal);
        if (!below)
            return "it is not on a bpffs";
        return mayMount ? Bpffs.Mount() : $"no bpffs is mounted at {Bpffs.DefaultMount}";
    }
}
