using System.Text.Json;

namespace Recorder.Agent.Identity;

/// <summary>
/// The service account of a container, by the token that the kubelet put into its pod's directory. The signature isn't checked: the
/// file is the kubelet's own, not something that was sent. The volume must lie in the directory of this very pod, and the claims
/// must name this pod, since the pod's author chooses what is mounted where.
/// </summary>
internal static class ServiceAccountMount
{
    private const int LargestToken = 64 * 1024;
    private const string Destination = "/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>The account's name, or null.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="config">The container's OCI configuration.</param>
    /// <param name="podUid">The pod that the runtime says it belongs to.</param>
    /// <param name="podNamespace">And its namespace.</param>
    public static string? Read(HostFiles files, JsonElement? config, string? podUid, string? podNamespace)
    {
        if (podUid is null)
            return null;
        foreach (var mount in config.Items("mounts"))
        {
            var source = ((JsonElement?)mount).Text("source");
            if (((JsonElement?)mount).Text("destination")?.EndsWith(Destination, StringComparison.Ordinal) != true || !IsKubelets(source, podUid))
                continue;
            if (files.Read($"{source}/token", LargestToken) is { } token && TokenClaims.Read(token) is { } claims && claims.IsOf(podUid, podNamespace))
                return claims.ServiceAccount;
        }

        return null;
    }

    private static bool IsKubelets(string? source, string podUid) =>
        source is not null
        && (source.Contains($"/pods/{podUid}/volumes/kubernetes.io~projected/", StringComparison.Ordinal)
            || source.Contains($"/pods/{podUid}/volumes/kubernetes.io~secret/", StringComparison.Ordinal))
        && !source.Contains("..", StringComparison.Ordinal);
}
