using System.Buffers.Text;
using System.Text;

namespace Recorder.Agent.Identity;

/// <summary>Names of user ids, from a container's own /etc/passwd or the host's.</summary>
internal sealed class UserNames(HostFiles files)
{
    private const int LargestPasswd = 256 * 1024;
    private const int LongestName = 64;
    private const string Passwd = "/etc/passwd";

    /// <summary>By the passwd file in the process's root; null when there is none, or none to trust.</summary>
    public string? InContainer(int pid, uint uid) => Find(files.ReadInside(pid, Passwd, LargestPasswd), uid);

    /// <summary>By the host's passwd file.</summary>
    public string? OnHost(uint uid) => Find(files.Read(Passwd, LargestPasswd), uid);

    /// <summary>The first line <c>name:password:UID:…</c> with this uid whose name is printable.</summary>
    public static string? Find(ReadOnlySpan<byte> passwd, uint uid)
    {
        foreach (var range in passwd.Split((byte)'\n'))
        {
            var line = passwd[range];
            var name = NextField(ref line);
            NextField(ref line);
            var number = NextField(ref line);
            if (Utf8Parser.TryParse(number, out uint value, out var used) && used == number.Length && value == uid && IsName(name))
                return Encoding.ASCII.GetString(name);
        }

        return null;
    }

    private static ReadOnlySpan<byte> NextField(ref ReadOnlySpan<byte> line)
    {
        var end = line.IndexOf((byte)':');
        var field = end < 0 ? line : line[..end];
        line = end < 0 ? default : line[(end + 1)..];
        return field;
    }

    private static bool IsName(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= LongestName && !name.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e);
}
