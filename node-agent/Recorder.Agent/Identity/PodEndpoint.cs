using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Recorder.Agent.Configuration;

namespace Recorder.Agent.Identity;

/// <summary>
/// Reads the node's pods over HTTPS: from the kubelet (<c>GET /pods</c>) or the API server. The token is read anew for each request, since the
/// kubelet replaces it; so are certificates when they are first needed.
/// </summary>
internal sealed class PodEndpoint : IPodSource, IDisposable
{
    private const int LargestAnswer = 64 * 1024 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Uri _address;
    private readonly KubernetesApiOptions _options;
    private readonly Lazy<HttpClient> _client;

    private PodEndpoint(Uri address, KubernetesApiOptions options)
    {
        (_address, _options) = (address, options);
        _client = new Lazy<HttpClient>(Connect, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The kubelet of this node; null when none is configured.</summary>
    public static PodEndpoint? Kubelet(KubernetesApiOptions options) =>
        options.Url is { } url ? new PodEndpoint(new Uri(url, "/pods"), options) : null;

    /// <summary>The API server, asked for this node's pods; null when none is configured.</summary>
    public static PodEndpoint? ApiServer(KubernetesApiOptions options, string node) => options.Url is { } url
        ? new PodEndpoint(new Uri(url, $"/api/v1/pods?fieldSelector=spec.nodeName%3D{Uri.EscapeDataString(node)}"), options)
        : null;

    /// <summary>The kubelet where one is configured, else the API server, else null.</summary>
    public static PodEndpoint? From(AgentOptions options) => Kubelet(options.Kubelet) ?? ApiServer(options.ApiServer, options.NodeName);

    public async Task<IReadOnlyList<PodSpec>> ReadAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _address);
        if (_options.TokenFile is { } file)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(file, cancellation)).Trim());
        using var answer = await _client.Value.SendAsync(request, cancellation);
        answer.EnsureSuccessStatusCode();
        using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation));
        return PodSpec.ReadList(document.RootElement);
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
            _client.Value.Dispose();
    }

    [SuppressMessage("Security", "CA5359", Justification = "Only where the operator set insecure-skip-verify for a kubelet whose certificate nothing vouches for.")]
    private HttpClient Connect()
    {
        var ssl = new SslClientAuthenticationOptions();
        if (_options.ClientCertificate is { } certificate)
            ssl.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, _options.ClientKey ?? certificate)];
        if (_options.InsecureSkipVerify)
            ssl.RemoteCertificateValidationCallback = AcceptAny;
        else if (_options.CertificateAuthority is { } authority)
            ssl.CertificateChainPolicy = TrustOnly(authority);
        var handler = new SocketsHttpHandler { SslOptions = ssl, UseProxy = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10) };
        return new HttpClient(handler) { Timeout = Limit, MaxResponseContentBufferSize = LargestAnswer };
    }

    private static X509ChainPolicy TrustOnly(string authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(authority);
        return policy;
    }

    private static bool AcceptAny(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => true;
}
