using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Recorder.Collector.Configuration;

/// <summary>Strict readers of single values; none of them throws.</summary>
internal static class OptionValues
{
    public const string AddressAllowed = "an IP address and port (127.0.0.1:8470, [::1]:8470), or a port";
    public const string LoopbackAllowed = "a loopback address and port (127.0.0.1:8471), since there are no certificates to tell peers apart, or 'off'";
    private const int SecretLimit = 4096;

    public static bool TryInteger(string text, long lowest, long highest, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= lowest && value <= highest;

    public static bool TryAddress(string text, int defaultPort, [NotNullWhen(true)] out IPEndPoint? address)
    {
        if (TryInteger(text, 0, IPEndPoint.MaxPort, out long port))
        {
            address = new IPEndPoint(IPAddress.Loopback, (int)port);
            return true;
        }

        string named = text.StartsWith("localhost:", StringComparison.Ordinal) ? "127.0.0.1" + text["localhost".Length..] : text;
        // "8" and "1.2" are addresses to IPEndPoint.TryParse; four parts or brackets are asked for.
        bool shaped = named.StartsWith('[') || named.Count(static c => c == '.') == 3;
        address = shaped && IPEndPoint.TryParse(named, out var parsed) ? parsed : null;
        if (address is { Port: 0 } && !named.EndsWith(":0", StringComparison.Ordinal)) address.Port = defaultPort;
        return address is not null;
    }

    public static bool TryLoopback(string text, int defaultPort, [NotNullWhen(true)] out IPEndPoint? address) =>
        TryAddress(text, defaultPort, out address) && IPAddress.IsLoopback(address.Address);

    public static bool TryStore(string text, [NotNullWhen(true)] out Uri? store) =>
        Uri.TryCreate(text, UriKind.Absolute, out store)
        && store.Scheme is "http" or "https"
        && store.Host.Length > 0
        && store.Query.Length == 0
        && store.Fragment.Length == 0
        && store.AbsolutePath.AsSpan(1).IndexOf('/') < 0
        && IsIdentifier(store.AbsolutePath.AsSpan(1));

    public static bool TrySecretFile(string path, [NotNullWhen(true)] out string? secret)
    {
        secret = null;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: <= SecretLimit }) secret = File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }

        return secret is not null;
    }

    public static bool TryHosts(string text, out IReadOnlyList<string> hosts)
    {
        hosts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return hosts.All(static host => Uri.CheckHostName(host) != UriHostNameType.Unknown);
    }

    public static bool TryLogLevel(string text, out LogLevel level)
    {
        level = text switch
        {
            "debug" => LogLevel.Debug,
            "information" => LogLevel.Information,
            "warning" => LogLevel.Warning,
            "error" => LogLevel.Error,
            _ => LogLevel.None,
        };
        return level != LogLevel.None;
    }

    private static bool IsIdentifier(ReadOnlySpan<char> name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_') return false;
        }

        return name.IsEmpty || !char.IsAsciiDigit(name[0]);
    }
}
