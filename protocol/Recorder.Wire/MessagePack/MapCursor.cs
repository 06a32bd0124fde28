using System.Text;

namespace Recorder.Wire;

/// <summary>Goes through the keys of a map. Known keys come as their literals, each at most once; unknown ones are skipped with their value.</summary>
internal struct MapCursor
{
    private static readonly Dictionary<string, int> Known = MakeKnown();
    private static readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        Known.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly string[] Names = [.. Known.Keys];
    private UInt128 _seen;
    private int _left;

    internal MapCursor(ref MessagePackReader reader) => _left = ReadCount(ref reader);

    /// <summary>Reads the number of pairs; more than the limit is refused.</summary>
    internal static int ReadCount(ref MessagePackReader reader)
    {
        int start = reader.Position;
        int count = reader.ReadMapHeader();
        return count <= WireLimits.Elements ? count : throw reader.Error(start, $"a map of {count} pairs");
    }

    /// <summary>Reaches the next known key whose value is not nil: the reader then stands at the value.</summary>
    internal bool Next(ref MessagePackReader reader, out string key)
    {
        while (_left > 0)
        {
            _left--;
            int start = reader.Position;
            int index = Find(reader.ReadUtf8());
            if (index < 0)
            {
                reader.Skip();
                continue;
            }

            key = Names[index];
            if ((_seen >> index & UInt128.One) != UInt128.Zero)
                throw reader.Error(start, $"the key {key} twice");
            _seen |= UInt128.One << index;
            if (!reader.TryReadNil())
                return true;
        }

        key = "";
        return false;
    }

    private static int Find(ReadOnlySpan<byte> key)
    {
        Span<char> text = stackalloc char[24];
        return Encoding.ASCII.TryGetChars(key, text, out int length) && Lookup.TryGetValue(text[..length], out int index) ? index : -1;
    }

    // Every key of every map of FORMAT.md. A key that is not of the map at hand is read as unknown there.
    private static Dictionary<string, int> MakeKnown()
    {
        const string keys =
            "revision kind depth state late tty started ended exit_code signal parent cluster node pod container user root entered_by " +
            "command exe cwd terminal streams labels namespace name uid service_account id image runtime cgroup cgroup_version init_pid " +
            "gid login_uid pid start ns_pid pid_ns mnt_ns comm columns rows ppid parent_start argv argv_bytes euid egid cap_effective " +
            "cap_permitted cap_inheritable cap_bounding cap_ambient container_id count first last programs counters sessions capture " +
            "ring_bytes queue_bytes queued_bytes reason node_uid boot_id agent kernel architecture";
        var known = new Dictionary<string, int>();
        foreach (string key in keys.Split(' '))
            known.Add(key, known.Count);
        return known;
    }
}
