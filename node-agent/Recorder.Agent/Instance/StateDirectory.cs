using System.Text;

namespace Recorder.Agent.Instance;

/// <summary>
/// The directory of what must outlive the process. A small file is replaced as a whole: written beside, synced, renamed, and the
/// directory's entry is left to the file system's own order, because every file here can be told from a torn one when it is read.
/// </summary>
internal sealed class StateDirectory
{
    private StateDirectory(string path) => Path = path;

    public string Path { get; }

    /// <summary>Opens the directory, making it (mode 0700) when it is missing.</summary>
    /// <exception cref="IOException">It can't be made.</exception>
    public static StateDirectory Open(string path)
    {
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new StateDirectory(path);
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The text of a file without its final newline; null when there is none.</summary>
    public string? Read(string name)
    {
        string path = File(name);
        return System.IO.File.Exists(path) ? System.IO.File.ReadAllText(path).TrimEnd('\n') : null;
    }

    public void Replace(string name, string text)
    {
        string path = File(name);
        string beside = path + ".new";
        using (FileStream file = new(beside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(Encoding.UTF8.GetBytes(text + "\n"));
            file.Flush(flushToDisk: true);
        }

        System.IO.File.Move(beside, path, overwrite: true);
    }
}
