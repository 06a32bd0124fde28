using System.Buffers;

namespace Recorder.Agent.Identity;

/// <summary>What a runtime calls a container: 64 hex digits from an engine, a name of the user's choice from runc or ctr.</summary>
internal static class ContainerId
{
    /// <summary>Length of the ids that containerd's CRI plugin, CRI-O, Docker and Podman make.</summary>
    public const int HexLength = 64;

    private const int LongestName = 128;
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.-+");

    /// <summary>64 lower-case hex digits.</summary>
    public static bool IsHex(ReadOnlySpan<char> text) =>
        text.Length == HexLength && !text.ContainsAnyExcept(HexDigits);

    /// <summary>
    /// Whether the text may become one component of a path. It came from a cgroup's name, which the recorded may choose, so nothing
    /// that could climb out of a runtime's directory passes.
    /// </summary>
    public static bool IsSafe(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= LongestName && text[0] != '.' && !text.ContainsAnyExcept(NameCharacters);
}
