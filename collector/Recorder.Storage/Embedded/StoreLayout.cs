namespace Recorder.Storage;

/// <summary>Where the embedded engine keeps what: everything below DATA/store, for its owner only.</summary>
internal sealed record StoreLayout(string Root)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static StoreLayout In(string dataDirectory) => new(Path.Combine(Path.GetFullPath(dataDirectory), "store"));

    /// <summary>Held by the engine's process as long as it lives.</summary>
    public string Lock => Path.Combine(Root, "lock");

    public string Credentials => Path.Combine(Root, "credentials");

    public string Configuration => Path.Combine(Root, "config.xml");

    public string Users => Path.Combine(Root, "users.xml");

    public string Engine => Path.Combine(Root, "data");

    public string LogDirectory => Path.Combine(Root, "log");

    public string Log => Path.Combine(LogDirectory, "engine.log");

    /// <summary>Creates the directories.</summary>
    /// <exception cref="StoreException">Not writable, or the disk is full.</exception>
    public void Create()
    {
        try
        {
            Directory.CreateDirectory(Root, OwnerOnly);
            Directory.CreateDirectory(Engine, OwnerOnly);
            Directory.CreateDirectory(LogDirectory, OwnerOnly);
            ProbeWrite();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw DiskFailure.ToStoreException(failure, Root);
        }
    }

    // A full disk or a read-only mount is told here, by name, and not by the engine's abort later.
    private void ProbeWrite()
    {
        string probe = Path.Combine(Root, "write-probe");
        using (var file = new FileStream(probe, FileMode.Create, FileAccess.Write))
        {
            file.Write(new byte[64 * 1024]);
            file.Flush(flushToDisk: true);
        }
        File.Delete(probe);
    }
}
