namespace Recorder.Testing;

/// <summary>Paths of what <c>./build.sh</c> leaves.</summary>
public static class Executables
{
    /// <summary>The repository's root: the nearest directory above the test program that holds <c>Recorder.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary><c>artifacts/bin/recorder-agent</c>.</summary>
    public static string Agent => Path.Combine(Root, "artifacts/bin/recorder-agent");

    /// <summary><c>artifacts/bin/recorder-collector</c>.</summary>
    public static string Collector => Path.Combine(Root, "artifacts/bin/recorder-collector");

    /// <summary><c>artifacts/bin/recorder</c>.</summary>
    public static string Cli => Path.Combine(Root, "artifacts/bin/recorder");

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Recorder.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new DirectoryNotFoundException($"no Recorder.sln above {AppContext.BaseDirectory}");
    }
}
