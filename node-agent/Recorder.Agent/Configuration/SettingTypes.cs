using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Numerics;

namespace Recorder.Agent.Configuration;

/// <summary>The kinds of settings there are: each names what it allows.</summary>
internal static class SettingTypes
{
    public static Setting<string?> Text(string name, string placeholder, string help, string? defaultValue = null, string? defaultText = null) =>
        new(name, placeholder, help, defaultValue, defaultText ?? defaultValue, "a text that is not empty", TryText);

    public static Setting<string?> FilePath(string name, string help, string? defaultValue = null, string? defaultText = null) =>
        new(name, "PATH", help, defaultValue, defaultText ?? defaultValue, "a path", TryPath);

    public static Setting<bool> Switch(string name, string help, bool defaultValue = false) =>
        new(name, "", help, defaultValue, defaultValue ? "true" : "false", "true or false", TryBoolean);

    public static Setting<T> Choice<T>(string name, string help, T defaultValue)
        where T : struct, Enum
    {
        string names = string.Join('|', Enum.GetNames<T>()).ToLowerInvariant();
        string allowed = names.Replace("|", ", ", StringComparison.Ordinal);
        return new(name, names, help, defaultValue, defaultValue.ToString().ToLowerInvariant(), $"one of {allowed}", TryChoice);
    }

    public static Setting<long> Size(string name, string help, long defaultValue, long minimum, long maximum, bool powerOfTwo = false)
    {
        string allowed = $"{(powerOfTwo ? "a power of two" : "a size")} from {ByteSize.Format(minimum)} to {ByteSize.Format(maximum)}";
        return new(name, "SIZE", help, defaultValue, ByteSize.Format(defaultValue), allowed, TryParse);

        bool TryParse(string text, out long value) =>
            ByteSize.TryParse(text, out value) && value >= minimum && value <= maximum && (!powerOfTwo || BitOperations.IsPow2(value));
    }

    public static Setting<TimeSpan> Duration(string name, string help, TimeSpan defaultValue, TimeSpan minimum, TimeSpan maximum)
    {
        string allowed = $"a duration from {TimeSpanText.Format(minimum)} to {TimeSpanText.Format(maximum)}";
        return new(name, "TIME", help, defaultValue, TimeSpanText.Format(defaultValue), allowed, TryParse);

        bool TryParse(string text, out TimeSpan value) => TimeSpanText.TryParse(text, out value) && value >= minimum && value <= maximum;
    }

    public static Setting<DnsEndPoint> HostAndPort(string name, string help, DnsEndPoint defaultValue) =>
        new(name, "HOST:PORT", help, defaultValue, $"{defaultValue.Host}:{defaultValue.Port}",
            "HOST:PORT with a port from 1 to 65535; an IPv6 address in brackets", TryEndPoint);

    public static Setting<Uri?> HttpUrl(string name, string help, Uri? defaultValue = null) =>
        new(name, "URL", help, defaultValue, defaultValue?.ToString(), "an http or https URL", TryUrl);

    private static bool TryText(string text, [MaybeNullWhen(false)] out string? value)
    {
        value = text;
        return text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal);
    }

    private static bool TryPath(string text, [MaybeNullWhen(false)] out string? value)
    {
        bool allowed = text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal);
        value = allowed ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(text)) : null;
        return allowed;
    }

    private static bool TryBoolean(string text, out bool value) => bool.TryParse(text, out value);

    // Enum.TryParse alone would take numbers and lists too.
    private static bool TryChoice<T>(string text, out T value)
        where T : struct, Enum
    {
        value = default;
        return text.Length > 0 && text.All(char.IsAsciiLetter) && Enum.TryParse(text, ignoreCase: true, out value) && Enum.IsDefined(value);
    }

    private static bool TryEndPoint(string text, [MaybeNullWhen(false)] out DnsEndPoint value)
    {
        value = null;
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
            return false;
        string host = text[..colon];
        bool bracketed = host is ['[', .., ']'];
        if (bracketed)
            host = host[1..^1];
        UriHostNameType type = Uri.CheckHostName(host);
        if (type == UriHostNameType.Unknown || bracketed != (type == UriHostNameType.IPv6))
            return false;
        value = new DnsEndPoint(host, port);
        return true;
    }

    private static bool TryUrl(string text, [MaybeNullWhen(false)] out Uri? value) =>
        Uri.TryCreate(text, UriKind.Absolute, out value) && (value.Scheme == Uri.UriSchemeHttp || value.Scheme == Uri.UriSchemeHttps);
}
