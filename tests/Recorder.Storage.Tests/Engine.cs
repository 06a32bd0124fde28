using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;

namespace Recorder.Storage.Tests;

/// <summary>Starts real engines for tests.</summary>
internal static class Engine
{
    /// <summary>The library, or the test is skipped.</summary>
    public static string Library()
    {
        string path = LibraryPath;
        if (!File.Exists(path)) Assert.Skip(Missing);
        return path;
    }

    public static bool IsMissing => !File.Exists(LibraryPath);

    private static string Missing => $"libchdb.so isn't at {LibraryPath}: run ./build.sh, or set RECORDER_CHDB_DIR";

    private static string LibraryPath { get; } = FindLibrary();

    private static string FindLibrary()
    {
        string directory = Environment.GetEnvironmentVariable("RECORDER_CHDB_DIR") is { Length: > 0 } configured
            ? configured : Path.Combine(RepositoryRoot(), "artifacts", "lib", "chdb");
        string path = Path.Combine(directory, "libchdb.so");
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("LIBCHDB") is { Length: > 0 } fromEnvironment) path = fromEnvironment;
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

    public RecorderStore Store => _store ?? throw new InvalidOperationException("There is no engine.");

    public StoreOptions ReaderOptions => _engine!.ReaderOptions;

    public async ValueTask InitializeAsync()
    {
        // Tests that need no engine must run without one.
        if (Engine.IsMissing) return;
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

/// <summary>Tests that use the shared engine: skipped where there is none.</summary>
public abstract class StoreTests
{
    /// <summary>Called for each test.</summary>
    protected StoreTests(StoreFixture fixture)
    {
        Engine.Library();
        Fixture = fixture;
    }

    /// <summary>The engine.</summary>
    protected StoreFixture Fixture { get; }
}
