using System.Runtime.InteropServices;

namespace Recorder.Storage;

/// <summary>The few functions of libchdb that are used (https://github.com/chdb-io/chdb, chdb.h).</summary>
internal static partial class EngineLibrary
{
    private const string Name = "chdb";

    /// <summary>Finds libchdb.so: the given path, LIBCHDB, or beside the program.</summary>
    /// <exception cref="StoreException">Nowhere; says where it was looked for and how to get it.</exception>
    public static string Find(string? configured)
    {
        string beside = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "chdb", "libchdb.so"));
        string? fromEnvironment = Environment.GetEnvironmentVariable("LIBCHDB");
        string[] candidates = configured is not null ? [configured]
            : string.IsNullOrEmpty(fromEnvironment) ? [beside] : [fromEnvironment];
        return candidates.FirstOrDefault(File.Exists) is { } found ? Path.GetFullPath(found) : throw Missing(candidates[0]);
    }

    /// <summary>Loads the library; all functions are bound to this file.</summary>
    public static void Load(string path)
    {
        nint handle = NativeLibrary.Load(path);
        NativeLibrary.SetDllImportResolver(
            typeof(EngineLibrary).Assembly, (name, _, _) => name == Name ? handle : IntPtr.Zero);
    }

    /// <summary>Runs a clickhouse command line to its end. Once per process.</summary>
    /// <returns>The error, null if none.</returns>
    public static string? RunCommandLine(IReadOnlyList<string> arguments)
    {
        // Else libchdb's handlers replace .NET's, and the first managed null reference ends the process.
        SetSignalHandlersEnabled(0);
        nint argv = Marshal.AllocHGlobal((arguments.Count + 1) * IntPtr.Size);
        for (int i = 0; i < arguments.Count; i++)
            Marshal.WriteIntPtr(argv, i * IntPtr.Size, Marshal.StringToCoTaskMemUTF8(arguments[i]));
        Marshal.WriteIntPtr(argv, arguments.Count * IntPtr.Size, IntPtr.Zero);
        // The arguments are never freed: the engine keeps pointers to them as long as the process lives.
        nint result = QueryCommandLine(arguments.Count, argv);
        if (result == IntPtr.Zero) return "libchdb returned no result";
        string? error = Marshal.PtrToStringUTF8(ResultError(result));
        DestroyQueryResult(result);
        return string.IsNullOrEmpty(error) ? null : error;
    }

    [LibraryImport(Name, EntryPoint = "chdb_set_signal_handlers_enabled")]
    private static partial void SetSignalHandlersEnabled(int enabled);

    [LibraryImport(Name, EntryPoint = "chdb_query_cmdline")]
    private static partial nint QueryCommandLine(int count, nint arguments);

    [LibraryImport(Name, EntryPoint = "chdb_result_error")]
    private static partial nint ResultError(nint result);

    [LibraryImport(Name, EntryPoint = "chdb_destroy_query_result")]
    private static partial void DestroyQueryResult(nint result);

    private static StoreException Missing(string path) => new(
        StoreError.Engine,
        $"libchdb.so isn't at {path}. Get it with ./build.sh, or unpack package/libchdb.so of the npm package "
        + $"@chdb/lib-linux-{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64")}-gnu "
        + "and name it with LIBCHDB, or use a ClickHouse server with --store http://HOST:8123.");
}
