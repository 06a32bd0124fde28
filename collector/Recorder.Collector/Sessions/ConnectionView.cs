using System.Net;
using System.Text;
using Recorder.Collector.Web;
using Recorder.Storage;

namespace Recorder.Collector.Sessions;

internal sealed record ConnectionView(
    string Time, uint Pid, ulong Start, string Family, string Protocol, string Address, ushort Port, int Result, string? Error)
{
    private const ushort Unix = 1;
    private const ushort Inet = 2;
    private const ushort Inet6 = 10;

    public static ConnectionView Of(SessionConnection connection) => new(
        ApiNames.Time(connection.Time),
        connection.Pid,
        connection.Start,
        FamilyName(connection.Family),
        ProtocolName(connection.Protocol),
        AddressText(connection.Family, connection.Address.Span),
        connection.Port,
        connection.Result,
        Errno.Name(connection.Result));

    public static string FamilyName(ushort family) => family switch
    {
        Unix => "unix",
        Inet => "ipv4",
        Inet6 => "ipv6",
        _ => family.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    public static string ProtocolName(ushort protocol) => protocol switch
    {
        0 => string.Empty,
        6 => "tcp",
        17 => "udp",
        _ => protocol.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>The usual text of an address; an abstract Unix name begins with '@', as ss(8) writes it.</summary>
    public static string AddressText(ushort family, ReadOnlySpan<byte> address)
    {
        if (family is Inet or Inet6 && address.Length is 4 or 16) return new IPAddress(address).ToString();
        if (family != Unix) return Convert.ToHexStringLower(address);
        return address is [0, .. var name] ? "@" + Encoding.UTF8.GetString(name) : Encoding.UTF8.GetString(address.TrimEnd((byte)0));
    }
}

internal sealed record ConnectionList(IReadOnlyList<ConnectionView> Items);
