using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Recorder.Collector.Store;

/// <summary>User and password of a ClickHouse client, in any of the three places where such clients put them.</summary>
internal readonly record struct ProxyCredentials(string User, string Password)
{
    public const string UserHeader = "X-ClickHouse-User";
    public const string KeyHeader = "X-ClickHouse-Key";

    /// <summary>Reads basic authentication, else the headers, else the query; null when there are none.</summary>
    public static ProxyCredentials? Of(HttpRequest request)
    {
        if (AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)) return Basic(header);
        if (request.Headers.TryGetValue(UserHeader, out var user)) return new(user.ToString(), request.Headers[KeyHeader].ToString());
        if (request.Query.TryGetValue("user", out user)) return new(user.ToString(), request.Query["password"].ToString());
        return null;
    }

    /// <summary>Compares in a time that doesn't depend on where they differ.</summary>
    public bool Match(ProxyCredentials expected) =>
        Same(User, expected.User) & Same(Password, expected.Password);

    /// <summary>The query string without user and password, which the engine's log would keep.</summary>
    public static string StripQuery(HttpRequest request)
    {
        var kept = new List<KeyValuePair<string, string?>>();
        foreach (var (name, values) in request.Query)
        {
            if (name is "user" or "password") continue;
            foreach (string? value in values) kept.Add(new(name, value));
        }

        return QueryHelpers.AddQueryString(string.Empty, kept);
    }

    private static ProxyCredentials? Basic(AuthenticationHeaderValue header)
    {
        if (!header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) || header.Parameter is null) return null;
        byte[] bytes = new byte[header.Parameter.Length];
        if (!Convert.TryFromBase64String(header.Parameter, bytes, out int length)) return null;
        string text = Encoding.UTF8.GetString(bytes, 0, length);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : new(text[..colon], text[(colon + 1)..]);
    }

    private static bool Same(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(left)), SHA256.HashData(Encoding.UTF8.GetBytes(right)));
}
