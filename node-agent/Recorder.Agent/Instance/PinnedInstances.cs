using Microsoft.Extensions.Logging;
using Recorder.Kernel;

namespace Recorder.Agent.Instance;

/// <summary>
/// Which agents have programs pinned on this node. Every agent holds the lock <c>&lt;runtime directory&gt;/&lt;origin&gt;.lock</c> and touches
/// it now and then; pins whose lock nobody holds and nobody touched for <see cref="Grace"/> belong to an agent that will not come back, and are removed.
/// The grace is for an agent that is just being replaced. Pins without such a file may be of an agent in another container: they stay.
/// </summary>
internal sealed class PinnedInstances(string pinRoot, string runtimeDirectory, Action<string> uninstall, TimeProvider time, ILogger logger)
{
    public const string RuntimeDirectory = "/run/recorder";

    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    /// <summary>Takes this agent's own lock.</summary>
    /// <exception cref="InstanceException">A copy of the state directory is in use by another agent.</exception>
    public FileLock Claim(Guid origin)
    {
        Directory.CreateDirectory(runtimeDirectory);
        FileLock held = FileLock.TryTake(LockPath(origin.ToString()))
            ?? throw new InstanceException($"another agent runs as instance {origin}: its state directory was copied; remove the file instance in one of them");
        held.Touch(time.GetUtcNow());
        return held;
    }

    /// <summary>Removes the pins of agents that are gone. Failures are logged: they cost nothing but the programs' time.</summary>
    public void RemoveAbandoned(Guid own)
    {
        RemoveStaleLocks();
        if (!Directory.Exists(pinRoot))
            return;
        foreach (string directory in Directory.EnumerateDirectories(pinRoot))
        {
            string name = Path.GetFileName(directory);
            if (name != own.ToString() && Guid.TryParse(name, out _))
                RemoveWhenAbandoned(directory, LockPath(name));
        }
    }

    private void RemoveWhenAbandoned(string directory, string lockPath)
    {
        try
        {
            if (!File.Exists(lockPath))
            {
                logger.ForeignPins(directory);
                return;
            }

            // The lock is held while the pins go, so that their agent can't start in the meantime.
            using FileLock? taken = FileLock.TryTake(lockPath);
            if (taken is null || time.GetUtcNow() - File.GetLastWriteTimeUtc(lockPath) < Grace)
                return;
            uninstall(directory);
            File.Delete(lockPath);
            logger.AbandonedPinsRemoved(directory);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CaptureException)
        {
            logger.AbandonedPinsKept(directory, failure.Message);
        }
    }

    // Locks of agents that left no pins behind: nothing but their names is left.
    private void RemoveStaleLocks()
    {
        foreach (string path in Directory.EnumerateFiles(runtimeDirectory, "*.lock"))
        {
            if (Directory.Exists(Path.Combine(pinRoot, Path.GetFileNameWithoutExtension(path))))
                continue;
            using FileLock? taken = FileLock.TryTake(path);
            if (taken is not null && time.GetUtcNow() - File.GetLastWriteTimeUtc(path) >= Grace)
                File.Delete(path);
        }
    }

    private string LockPath(string origin) => Path.Combine(runtimeDirectory, origin + ".lock");
}
