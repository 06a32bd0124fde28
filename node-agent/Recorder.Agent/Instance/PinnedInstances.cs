using Microsoft.Extensions.Logging;

namespace Recorder.Agent.Instance;

/// <summary>
/// Which agents have programs pinned on this node. Every agent holds the lock <c>&lt;runtime directory&gt;/&lt;origin&gt;.lock</c> and touches
/// it now and then; pins whose lock nobody holds and nobody touched for <see cref="Grace"/> belong to an agent that will not come back, and are removed.
/// The grace is for an agent that is just being replaced. Pins without such a file may be of an agent in another container: they stay.
/// </summary>
internal sealed class PinnedInstances(string pinRoot, string runtimeDirectory, TimeProvider time, ILogger logger)
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
        if (!Directory.Exists(pinRoot))
            return;
        foreach (string directory in Directory.EnumerateDirectories(pinRoot))
        {
            string name = Path.GetFileName(directory);
            if (name != own.ToString() && Guid.TryParse(name, out _))
                RemoveWhenAbandoned(directory, LockPath(name));
        }
    }

    /// <summary>Unlinks everything in a pin directory, then the directory. Returns what was removed, in order.</summary>
    public static IReadOnlyList<string> Remove(string directory)
    {
        List<string> removed = [];
        foreach (string nested in Directory.EnumerateDirectories(directory).Order(StringComparer.Ordinal))
            removed.AddRange(Remove(nested));
        foreach (string pin in Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal))
        {
            File.Delete(pin);
            removed.Add(pin);
        }

        Directory.Delete(directory);
        removed.Add(directory);
        return removed;
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
            int count = Remove(directory).Count;
            File.Delete(lockPath);
            logger.AbandonedPinsRemoved(directory, count);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            logger.AbandonedPinsKept(directory, failure.Message);
        }
    }

    private string LockPath(string origin) => Path.Combine(runtimeDirectory, origin + ".lock");
}
