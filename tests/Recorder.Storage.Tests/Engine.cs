using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;

namespace Recorder.Storage.Tests;

/// <summary>Starts real engines for tests.</summary>
internal static class Engine
{
    /// <summary>The library, or the test is skipped.</summary>
    public static string Library()
    {
        string directory = Environment.GetEnvironmentVariable("RECORDER_CHDB_DIR") is { Length: > 0 } configured
            ? configured : Path.Combine(RepositoryRoot(), "artifacts", "lib", "chdb");
        string path = Path.Combine(directory, "libchdb.so");
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("LIBCHDB") is { Length: > 0 } fromEnvironment) path = fromEnvironment;
        if (!File.Exists(path)) Assert.Skip($"libchdb.so isn't at {path}: run ./build.sh, or set RECORDER_CHDB_DIR");
        return path;
    }

    public static EmbeddedStoreOptions Options(string dataDirectory) => new()
    {
        DataDirectory = dataDirectory,
        Library = Library(),
        HostProgram = Environment.ProcessPath!,
        MemoryBytes = 2L << 30,
    };

    public static EmbeddedStore Create(string dataDirectory) =>
        new(Options(dataDirectory), NullLogger<EmbeddedStore>.Instance);

    private static string RepositoryRoot([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}

/// <summary>A directory that is deleted.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("recorder-storage-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>One engine with the schema, shared by all tests that need no engine of their own: they use ids of their own.</summary>
public sealed class StoreFixture : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private EmbeddedStore? _engine;
    private RecorderStore? _store;

    public RecorderStore Store => _store ?? throw new InvalidOperationException("Skipped.");

    public StoreOptions ReaderOptions => _engine!.ReaderOptions;

    public async ValueTask InitializeAsync()
    {
        _engine = Engine.Create(_directory.Path);
        StoreOptions options = await _engine.StartAsync(CancellationToken.None);
        _store = await RecorderStore.OpenAsync(options, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        if (_engine is not null) await _engine.DisposeAsync();
        _directory.Dispose();
    }
}
