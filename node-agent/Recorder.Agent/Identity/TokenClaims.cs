using System.Buffers.Text;
using System.Text.Json;

namespace Recorder.Agent.Identity;

/// <summary>
/// What a service account token says, unverified. Bound tokens have a <c>kubernetes.io</c> object, tokens from secrets (before 1.24) flat
/// <c>kubernetes.io/serviceaccount/…</c> claims, without a pod.
/// </summary>
/// <param name="ServiceAccount">The account's name.</param>
/// <param name="Namespace">The account's namespace.</param>
/// <param name="PodUid">The pod that a bound token was made for.</param>
internal sealed record TokenClaims(string ServiceAccount, string? Namespace, string? PodUid)
{
    private const string Flat = "kubernetes.io/serviceaccount/";

    /// <summary>Whether nothing in the token speaks against its being this pod's.</summary>
    public bool IsOf(string podUid, string? podNamespace) =>
        (PodUid is null || PodUid == podUid) && (Namespace is null || podNamespace is null || Namespace == podNamespace);

    /// <summary>The claims of a JWT in compact form; null when it is none or names no account.</summary>
    public static TokenClaims? Read(ReadOnlySpan<byte> token)
    {
        var start = token.IndexOf((byte)'.') + 1;
        var length = start > 0 ? token[start..].IndexOf((byte)'.') : -1;
        if (length <= 0 || !Base64Url.IsValid(token.Slice(start, length)))
            return null;
        try
        {
            using var document = JsonDocument.Parse(Base64Url.DecodeFromUtf8(token.Slice(start, length)));
            return FromClaims(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TokenClaims? FromClaims(JsonElement? claims)
    {
        var bound = claims.Member("kubernetes.io");
        var name = bound.Member("serviceaccount").Text("name") ?? claims.Text(Flat + "service-account.name");
        return name is null ? null : new TokenClaims(name, bound.Text("namespace") ?? claims.Text(Flat + "namespace"), bound.Member("pod").Text("uid"));
    }
}
