using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Recorder.Kernel.Interop;

namespace Recorder.Kernel.Maps;

/// <summary>
/// Reads <c>struct recorder_session</c> by its fields' names, since pins that another version of the programs left
/// may have them elsewhere. A field that is not there is 0.
/// </summary>
internal sealed class SessionFields
{
    public const string Struct = "recorder_session";

    /// <summary>The struct's fields in our order; each name's place here is its order in <see cref="KernelSession"/>.</summary>
    internal static readonly (string Name, int Size)[] Ours =
    [
        ("seq", 8), ("bytes", 24), ("dropped_bytes", 24), ("dropped_events", 24), ("dropped_control", 8), ("started", 8),
        ("root_start_time", 8), ("container", 8), ("parent_session", 8), ("tty_key", 8), ("pipe_keys", 24), ("queued", 12),
        ("root_pid", 4), ("kind", 4), ("pid_level", 4), ("live", 4), ("pending", 4), ("streams", 4), ("ended", 4), ("reserved", 4),
    ];

    private readonly List<(int From, int To, int Size)> _moves = [];

    private SessionFields(IReadOnlyList<BtfMember> theirs)
    {
        int to = 0;
        foreach ((string name, int size) in Ours)
        {
            BtfMember found = theirs.FirstOrDefault(m => m.Name == name);
            if (found.Size == size)
                _moves.Add(((int)found.Offset, to, size));
            to += size;
        }
    }

    /// <summary>Null where the types have no such struct, or not even its totals.</summary>
    public static SessionFields? Find(BtfTypes types)
    {
        IReadOnlyList<BtfMember>? members = types.FindStruct(Struct, out _);
        return members is null || members.All(m => m.Name != "bytes") ? null : new SessionFields(members);
    }

    public KernelSession Read(ReadOnlySpan<byte> value)
    {
        Span<byte> ours = stackalloc byte[Unsafe.SizeOf<KernelSession>()];
        ours.Clear();
        foreach ((int from, int to, int size) in _moves)
        {
            if (from + size <= value.Length)
                value.Slice(from, size).CopyTo(ours[to..]);
        }
        return MemoryMarshal.Read<KernelSession>(ours);
    }
}
