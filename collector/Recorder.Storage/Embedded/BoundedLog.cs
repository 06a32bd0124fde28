namespace Recorder.Storage;

/// <summary>What the engine prints, in at most two files: when one is full it becomes <c>.1</c> and a new one begins.</summary>
internal sealed class BoundedLog(string path, long limitBytes = 4 << 20) : IDisposable
{
    private const int RememberedLines = 40;

    // Two pipes are read at once.
    private readonly Lock _lock = new();
    private readonly Queue<string> _last = new();
    private StreamWriter? _file;

    /// <summary>The newest lines, for an error's text.</summary>
    public string Last
    {
        get
        {
            lock (_lock) return string.Join("; ", _last.TakeLast(5));
        }
    }

    /// <summary>Forgets the lines of a process that has ended.</summary>
    public void ForgetLast()
    {
        lock (_lock) _last.Clear();
    }

    public bool LastContains(string text)
    {
        lock (_lock) return _last.Any(line => line.Contains(text, StringComparison.OrdinalIgnoreCase));
    }

    public void Write(string line)
    {
        lock (_lock)
        {
            _last.Enqueue(line);
            if (_last.Count > RememberedLines) _last.Dequeue();
            try
            {
                Append(line);
            }
            catch (IOException)
            {
                // The disk is full: the engine's output is lost, which must not stop us from reading it (it would block).
                _file = null;
            }
        }
    }

    public void Dispose()
    {
        lock (_lock) _file?.Dispose();
    }

    private void Append(string line)
    {
        if (_file is not null && _file.BaseStream.Length >= limitBytes)
        {
            _file.Dispose();
            _file = null;
            File.Move(path, path + ".1", overwrite: true);
        }
        _file ??= new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        _file.WriteLine(line);
    }
}
