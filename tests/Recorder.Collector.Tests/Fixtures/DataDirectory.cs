namespace Recorder.Collector.Tests.Fixtures;

/// <summary>A collector's data directory, deleted in the end.</summary>
internal sealed class DataDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("recorder-collector-").FullName;

    /// <summary>Password of the user <c>reader</c>.</summary>
    public string ReaderPassword() => Password("reader");

    /// <summary>Password of one of the engine's users.</summary>
    public string Password(string user)
    {
        foreach (string file in Directory.EnumerateFiles(Path, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }))
        {
            string? line = new FileInfo(file).Length > 4096 ? null : File.ReadLines(file).FirstOrDefault(line => line.StartsWith(user + "=", StringComparison.Ordinal));
            if (line is not null) return line[(user.Length + 1)..];
        }

        throw new FileNotFoundException("no credentials under " + Path);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
