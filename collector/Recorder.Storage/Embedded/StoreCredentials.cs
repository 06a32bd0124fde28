using System.Security.Cryptography;
using System.Text;

namespace Recorder.Storage;

/// <summary>Random passwords of the embedded engine's users, kept in one file that only its owner may read.</summary>
/// <param name="Writer">Everything in the recorder's database.</param>
/// <param name="Reader">SELECT only.</param>
/// <param name="Supervisor">May end the query that keeps the engine running, nothing else.</param>
internal sealed record StoreCredentials(string Writer, string Reader, string Supervisor)
{
    /// <summary>Reads the file, or makes it.</summary>
    /// <exception cref="StoreException">Unreadable, damaged, or it can't be written.</exception>
    public static StoreCredentials LoadOrCreate(string path)
    {
        try
        {
            return File.Exists(path) ? Parse(File.ReadAllLines(path), path) : Create(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw DiskFailure.ToStoreException(failure, path);
        }
    }

    private static StoreCredentials Parse(string[] lines, string path)
    {
        var values = lines.Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim());
        string Value(string name) => values.TryGetValue(name, out string? value) && value.Length > 0 ? value
            : throw new StoreException(StoreError.Engine, $"{path} has no '{name}=…' line. Delete the file to have new passwords made.");
        return new StoreCredentials(Value("writer"), Value("reader"), Value("supervisor"));
    }

    private static StoreCredentials Create(string path)
    {
        var made = new StoreCredentials(NewPassword(), NewPassword(), NewPassword());
        PrivateFile.Write(path, $"writer={made.Writer}\nreader={made.Reader}\nsupervisor={made.Supervisor}\n");
        return made;
    }

    private static string NewPassword() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
}

/// <summary>Files that hold secrets.</summary>
internal static class PrivateFile
{
    /// <summary>Replaces the file in one step, mode 0600 from the start.</summary>
    public static void Write(string path, string text)
    {
        string temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var file = new FileStream(temporary, options))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            // Before the rename: else a power cut may leave the new name with no content.
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }
}
