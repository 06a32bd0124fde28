using System.Net;

namespace Recorder.Collector.Web;

/// <summary>
/// Refuses requests whose Host header names somebody else. There is no authentication yet, so without this a web page
/// could have its own name resolve to 127.0.0.1 and read recordings through the visitor's browser.
/// </summary>
internal sealed class HostCheck(IEnumerable<string> names, IPAddress listening)
{
    private readonly HashSet<string> _names = new(names, StringComparer.OrdinalIgnoreCase);

    public bool Allows(string? host)
    {
        if (string.IsNullOrEmpty(host)) return false;
        string bare = host.Trim('[', ']');
        if (IPAddress.TryParse(bare, out var address))
            return IPAddress.IsLoopback(address) || address.Equals(listening) || _names.Contains(bare);
        return bare.Equals("localhost", StringComparison.OrdinalIgnoreCase) || _names.Contains(bare);
    }
}
