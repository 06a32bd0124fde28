using Recorder.Kernel.Interop;
using Recorder.Kernel.Programs;

namespace Recorder.Kernel.Maps;

/// <summary>Map <c>sessions</c>: number of the session to its state.</summary>
internal sealed unsafe class SessionMap
{
    private readonly KernelHandle _map;
    private readonly SessionFields _fields;
    private readonly MapInfo _info;

    /// <exception cref="CaptureException">The map is not what it should be.</exception>
    public SessionMap(KernelHandle map, SessionFields fields)
    {
        _map = map;
        _fields = fields;
        _info = ObjectInfo.ReadMap(map);
        if (_info.KeySize != sizeof(ulong))
            throw new CaptureException("map sessions: its key is no session number");
    }

    public bool TryRead(ulong session, out KernelSession state)
    {
        var value = new byte[_info.ValueSize];
        fixed (byte* bytes = value)
        {
            bool found = LibBpf.MapLookup(_map, &session, bytes) == 0;
            state = found ? _fields.Read(value) : default;
            return found;
        }
    }

    public bool Remove(ulong session) => LibBpf.MapDelete(_map, &session) == 0;

    /// <summary>Every session in the order of their numbers. Ones that begin or end meanwhile may or may not be among them.</summary>
    /// <exception cref="CaptureException">The walk failed.</exception>
    public List<KernelSessionEntry> ReadAll()
    {
        var all = new List<KernelSessionEntry>();
        foreach (ulong session in ReadNumbers())
        {
            if (TryRead(session, out KernelSession state))
                all.Add(new KernelSessionEntry(session, state));
        }
        return all;
    }

    private SortedSet<ulong> ReadNumbers()
    {
        var numbers = new SortedSet<ulong>();
        ulong key = 0, next = 0;
        int error = LibBpf.MapNextKey(_map, null, &next);
        // The walk begins anew where its key was deleted: it ends once as many steps as there can be entries were made.
        for (uint step = 0; error == 0 && step < 2 * _info.MaxEntries; step++)
        {
            numbers.Add(next);
            key = next;
            error = LibBpf.MapNextKey(_map, &key, &next);
        }
        return error is 0 or -Errno.NoEntry
            ? numbers
            : throw new CaptureException($"reading map sessions: {Errno.Describe(error)}");
    }
}
