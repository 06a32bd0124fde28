using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Recorder.Agent.Identity;

/// <summary>
/// Bounded reads of the host's files, whose paths are the host's even where the agent runs in a pod with the host mounted at
/// <paramref name="root"/>. Links are followed as the host would; nothing is followed outside the root.
/// </summary>
/// <param name="root">Where the host's root directory is seen; <c>/</c> on the host itself.</param>
/// <param name="proc">Where the host's proc file system is seen.</param>
internal sealed class HostFiles(string root = "/", string proc = "/proc")
{
    /// <summary>More than any bundle's config.json that a kubelet makes.</summary>
    public const int LargestJson = 4 * 1024 * 1024;

    private const int LargestProc = 256 * 1024;

    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = 64, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>The whole file; null when it is absent, unreadable, no regular file, or larger than <paramref name="limit"/> bytes.</summary>
    public byte[]? Read(string path, int limit)
    {
        try
        {
            using var file = NativeFiles.OpenRegular(root, path, NativeFiles.Resolve.InRoot | NativeFiles.Resolve.NoMagicLinks);
            return file is null ? null : ReadBounded(file, limit);
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A JSON object, or null as <see cref="Read"/> and when the text isn't one.</summary>
    public JsonDocument? ReadJson(string path, int limit = LargestJson)
    {
        if (Read(path, limit) is not { } bytes)
            return null;
        try
        {
            var document = JsonDocument.Parse(bytes, Lenient);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
        }
        catch (JsonException)
        {
        }

        return null;
    }

    /// <summary>
    /// A file of the process's own root. Its container chose what is there, so: at most <paramref name="limit"/> bytes, regular files
    /// only, no way out of the root, and no mount crossed, since a file system served from inside could block the reader for ever.
    /// </summary>
    public byte[]? ReadInside(int pid, string path, int limit)
    {
        try
        {
            using var file = NativeFiles.OpenRegular($"{proc}/{pid}/root", path,
                NativeFiles.Resolve.InRoot | NativeFiles.Resolve.NoMagicLinks | NativeFiles.Resolve.NoMounts);
            return file is null ? null : ReadBounded(file, limit);
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A file under /proc/PID; null when the process is gone.</summary>
    public byte[]? ReadProc(int pid, string name)
    {
        try
        {
            using var file = File.OpenHandle($"{proc}/{pid}/{name}", share: FileShare.ReadWrite | FileShare.Delete);
            return ReadBounded(file, LargestProc);
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Where a link under /proc/PID (exe, cwd, fd/N) points; null when the process is gone.</summary>
    public string? ReadProcLink(int pid, string name)
    {
        try
        {
            return new FileInfo($"{proc}/{pid}/{name}").LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Names of the directories in a directory of the host, empty where it can't be listed.</summary>
    public IReadOnlyList<string> Directories(string path)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(Path.Join(root, path)).Select(Path.GetFileName).OfType<string>()];
        }
        catch (IOException)
        {
            return [];
        }
        catch (UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static byte[]? ReadBounded(SafeFileHandle file, int limit)
    {
        var buffer = new byte[Math.Min(limit, 4096) + 1];
        var used = 0;
        while (true)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(used), used);
            if (read == 0)
                return buffer.AsSpan(0, used).ToArray();
            used += read;
            if (used > limit)
                return null;
            if (used == buffer.Length)
                Array.Resize(ref buffer, Math.Min(limit + 1, buffer.Length * 2));
        }
    }
}
