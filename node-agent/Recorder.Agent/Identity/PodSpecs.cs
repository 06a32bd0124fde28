using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Recorder.Agent.Identity;

/// <summary>
/// The pods of this node as the kubelet or the API has them, read now and then and when a pod is missed. Used off the hot path only. Without a
/// source it knows nothing, and then no session is called a probe.
/// </summary>
internal sealed class PodSpecs(IPodSource? source, TimeProvider clock, ILogger logger) : IDisposable
{
    /// <summary>How old the list may become.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    /// <summary>How soon after one reading another may begin, for a pod that is missed.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile Dictionary<string, PodSpec> _pods = [];
    private long _readAt;
    private bool _failing;

    /// <summary>Whether there is a source.</summary>
    public bool IsConfigured => source is not null;

    /// <summary>The pod as it was last read, or null.</summary>
    public PodSpec? Find(string? uid) => uid is not null && _pods.TryGetValue(uid, out var pod) ? pod : null;

    /// <summary>The pod, after reading the list again if it isn't there; null when it isn't then either, or can't be read.</summary>
    public async Task<PodSpec?> FindAsync(string? uid, CancellationToken cancellation)
    {
        if (uid is null || source is null)
            return null;
        if (Find(uid) is { } pod)
            return pod;
        await RefreshAsync(Pause, cancellation);
        return Find(uid);
    }

    /// <summary>Reads the list if it is older than this.</summary>
    public async Task RefreshAsync(TimeSpan age, CancellationToken cancellation)
    {
        if (source is null)
            return;
        await _reading.WaitAsync(cancellation);
        try
        {
            if (_readAt == 0 || clock.GetElapsedTime(_readAt) >= age)
                await ReadAsync(cancellation);
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose()
    {
        (source as IDisposable)?.Dispose();
        _reading.Dispose();
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        try
        {
            _pods = Index(await source!.ReadAsync(cancellation));
            if (_failing)
                logger.PodSpecsRead(_pods.Count);
            _failing = false;
        }
        catch (Exception failure) when (IsExpected(failure, cancellation))
        {
            if (!_failing)
                logger.PodSpecsUnavailable(failure.Message);
            _failing = true;
        }

        // Also after a failure, or every missed pod would try again.
        _readAt = clock.GetTimestamp();
    }

    private static bool IsExpected(Exception failure, CancellationToken cancellation) =>
        failure is HttpRequestException or JsonException or IOException or UnauthorizedAccessException
            or System.Security.Cryptography.CryptographicException
        || (failure is OperationCanceledException && !cancellation.IsCancellationRequested);

    private static Dictionary<string, PodSpec> Index(IReadOnlyList<PodSpec> pods)
    {
        var index = new Dictionary<string, PodSpec>(StringComparer.Ordinal);
        foreach (var pod in pods)
        {
            index[pod.Uid] = pod;
            if (pod.StaticUid is { } hash)
                index[hash] = pod;
        }

        return index;
    }
}
