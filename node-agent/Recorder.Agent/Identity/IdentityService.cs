using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Recorder.Agent.Configuration;
using Recorder.Wire;

namespace Recorder.Agent.Identity;

/// <summary>
/// Answers the tracker's questions away from its thread. Questions are answered one after another by a few workers, so that one container
/// whose files don't answer holds up a worker and not the rest.
/// </summary>
internal sealed class IdentityService(IdentityLookup lookup, UnrecordableScanner scanner, PodSpecs pods, TimeProvider clock, ILogger logger)
    : IIdentityResolver
{
    private const int Workers = 3;
    private const int MostQueued = 4096;

    private static readonly TimeSpan ScanPeriod = TimeSpan.FromSeconds(30);

    private readonly Channel<IdentityQuery> _questions = Channel.CreateBounded<IdentityQuery>(MostQueued);
    private readonly Channel<(string Container, string Cgroup)> _preloads =
        Channel.CreateBounded<(string, string)>(new BoundedChannelOptions(MostQueued) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly ConcurrentQueue<(ulong Session, SessionIdentity Identity)> _answers = new();
    private readonly ConcurrentQueue<UnrecordableFrame> _unrecordable = new();

    public bool KnowsProbes => pods.IsConfigured;

    /// <summary>The service that the agent's settings describe; <see cref="RunAsync"/> has to be started.</summary>
    public static IdentityService From(AgentOptions options, TimeProvider clock, ILogger logger)
    {
        var sources = new ContainerSources { HostRoot = options.HostRoot };
        var files = new HostFiles(sources.HostRoot, sources.Proc);
        var directory = new ContainerDirectory(sources.Open(files), clock);
        var pods = new PodSpecs(PodEndpoint.From(options), clock, logger);
        return new IdentityService(new IdentityLookup(files, directory, pods), new UnrecordableScanner(directory), pods, clock, logger);
    }

    /// <summary>Answers until it is cancelled; then returns.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (!pods.IsConfigured)
            logger.ProbesUnknown();
        try
        {
            await Task.WhenAll([.. Enumerable.Range(0, Workers).Select(_ => Task.Run(() => AnswerAsync(cancellation), cancellation)),
                Task.Run(() => PreloadAsync(cancellation), cancellation),
                Task.Run(() => ScanAsync(cancellation), cancellation),
            ]);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
    }

    public SessionIdentity? Find(IdentityQuery query) => lookup.Remembered(query);

    public void Request(IdentityQuery query)
    {
        // Full: nothing will be known of it, and the session is recorded all the same.
        if (!_questions.Writer.TryWrite(query))
            _answers.Enqueue((query.Session, new SessionIdentity()));
    }

    public bool TryTake(out ulong session, [MaybeNullWhen(false)] out SessionIdentity identity)
    {
        var taken = _answers.TryDequeue(out var answer);
        (session, identity) = answer;
        return taken;
    }

    public bool TryTakeUnrecordable([MaybeNullWhen(false)] out UnrecordableFrame container) => _unrecordable.TryDequeue(out container);

    public void Preload(string container, string cgroup, int initPid) => _preloads.Writer.TryWrite((container, cgroup));

    private async Task AnswerAsync(CancellationToken cancellation)
    {
        await foreach (var query in _questions.Reader.ReadAllAsync(cancellation))
        {
            var identity = new SessionIdentity();
            try
            {
                identity = await lookup.FindAsync(query, cancellation);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // Whatever a container's files did to us, its sessions are recorded, without a name.
                logger.IdentityFailed(failure);
            }

            _answers.Enqueue((query.Session, identity));
        }
    }

    private async Task PreloadAsync(CancellationToken cancellation)
    {
        await foreach (var (container, cgroup) in _preloads.Reader.ReadAllAsync(cancellation))
        {
            try
            {
                lookup.Preload(container, cgroup);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                logger.IdentityFailed(failure);
            }
        }
    }

    private async Task ScanAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(ScanPeriod, clock);
        do
        {
            await pods.RefreshAsync(PodSpecs.Lifetime, cancellation);
            foreach (var container in scanner.Scan())
            {
                logger.Unrecordable(container.Reason, container.ContainerId ?? "");
                _unrecordable.Enqueue(container);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }
}
