using Microsoft.Extensions.Logging;

namespace Recorder.Agent.Hosting;

/// <summary>
/// Runs one loop on a thread of its own or as a task, and says how it ended: the loop itself is pure, this is the one place where its
/// failure is classified. A loop that fails, or ends before it was asked to, is fatal for the agent.
/// </summary>
internal sealed class BackgroundLoop
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILogger _logger;

    private BackgroundLoop(string name, ILogger logger) => (Name, _logger) = (name, logger);

    public string Name { get; }

    /// <summary>Completes when the loop ended as asked; faults with its failure.</summary>
    public Task Ended => _ended.Task;

    public bool IsAlive => !_ended.Task.IsCompleted;

    /// <summary>Starts a loop that blocks, on a thread of its own.</summary>
    public static BackgroundLoop StartThread(string name, Action<CancellationToken> loop, ILogger logger, CancellationToken stopping)
    {
        BackgroundLoop background = new(name, logger);
        Thread thread = new(() => background.Run(loop, stopping)) { Name = name, IsBackground = true };
        thread.Start();
        return background;
    }

    /// <summary>Starts an asynchronous loop.</summary>
    public static BackgroundLoop StartTask(string name, Func<CancellationToken, Task> loop, ILogger logger, CancellationToken stopping)
    {
        BackgroundLoop background = new(name, logger);
        _ = Task.Run(() => background.RunAsync(loop, stopping), CancellationToken.None);
        return background;
    }

    private void Run(Action<CancellationToken> loop, CancellationToken stopping)
    {
        try
        {
            loop(stopping);
            _ended.SetResult();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _ended.SetResult();
        }
#pragma warning disable CA1031 // Whatever a loop threw is the agent's end: it is stored and surfaced to whoever awaits Ended.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail(failure);
        }
    }

    private async Task RunAsync(Func<CancellationToken, Task> loop, CancellationToken stopping)
    {
        try
        {
            await loop(stopping);
            _ended.SetResult();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _ended.SetResult();
        }
#pragma warning disable CA1031 // As above.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail(failure);
        }
    }

    private void Fail(Exception failure)
    {
        _logger.LoopFailed(Name, failure);
        _ended.SetException(failure);
    }
}
