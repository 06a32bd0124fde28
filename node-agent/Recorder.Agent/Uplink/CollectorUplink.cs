using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Recorder.Agent.Configuration;
using Recorder.Wire;

namespace Recorder.Agent.Uplink;

/// <summary>
/// Keeps the connection to the collector: greets, resumes, and when it ends connects again with back-off. Whatever the collector does, recording
/// goes on within the queue's bound. A state is reported when it begins, not at each attempt.
/// </summary>
internal sealed class CollectorUplink(
    AgentOptions options,
    Hello hello,
    BatchQueue queue,
    IHeadsInquiry heads,
    UplinkReport report,
    TimeProvider time,
    ILogger logger)
{
    private static readonly TimeSpan GreetingLimit = TimeSpan.FromSeconds(10);

    private readonly Backoff _backoff = new(Random.Shared);
    private string? _refusal;

    private string Collector => $"{options.Collector.Host}:{options.Collector.Port}";

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            TimeSpan delay = await RunOnceAsync(cancellation);
            await Task.Delay(delay, time, cancellation);
        }
    }

    // One connection from beginning to end; returns how long to wait before the next.
    private async Task<TimeSpan> RunOnceAsync(CancellationToken cancellation)
    {
        try
        {
            await ConnectAndRunAsync(cancellation);
        }
        catch (CollectorRefusedException refusal)
        {
            report.Refused();
            return OnRefused(refusal.Code, refusal.Reason, refusal.IsTemporary);
        }
        catch (CollectorProtocolException failure)
        {
            return OnRefused("protocol", failure.Message, isTemporary: false);
        }
        catch (WireFormatException failure)
        {
            return OnRefused("protocol", failure.Message, isTemporary: false);
        }
        catch (Exception failure) when (failure is SocketException or IOException or TimeoutException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            OnLost(failure is OperationCanceledException ? $"no answer within {GreetingLimit.TotalSeconds} s" : failure.Message);
        }

        return _backoff.Next();
    }

    private async Task ConnectAndRunAsync(CancellationToken cancellation)
    {
        (CollectorConnection connection, Welcome welcome) = await GreetAsync(cancellation);
        await using (connection)
        {
            Resume(welcome);
            UplinkSession session = new(connection, welcome, hello.Epoch, queue, heads, report, time);
            try
            {
                await session.RunAsync(cancellation);
            }
            finally
            {
                if (session.MadeProgress)
                    _backoff.Reset();
            }
        }
    }

    private async Task<(CollectorConnection Connection, Welcome Welcome)> GreetAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource limit = new(GreetingLimit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        return await CollectorConnection.OpenAsync(options.Collector, hello, either.Token);
    }

    private void Resume(Welcome welcome)
    {
        switch (queue.Resume(welcome.Resume))
        {
            case ResumeOutcome.Ahead:
                throw new CollectorProtocolException($"WELCOME resumes at frame {welcome.Resume}, which was never sent");
            case ResumeOutcome.Behind:
                throw new CollectorProtocolException(
                    $"WELCOME resumes at frame {welcome.Resume}, but frames up to {queue.Acknowledged} were acknowledged and are gone here: " +
                    "the collector's store was lost or replaced; restart the agent to begin a new epoch");
            default:
                report.Connected();
                report.State = UplinkState.Connected;
                _refusal = null;
                logger.CollectorConnected(Collector, welcome.Resume, queue.Bytes);
                break;
        }
    }

    private void OnLost(string reason)
    {
        if (report.State is UplinkState.Connected)
            logger.CollectorLost(Collector, reason);
        else if (report.State is not UplinkState.Unreachable)
            logger.CollectorUnreachable(Collector, reason, options.QueueBytes);
        report.State = UplinkState.Unreachable;
    }

    private TimeSpan OnRefused(string code, string reason, bool isTemporary)
    {
        if (_refusal != code)
        {
            if (isTemporary)
                logger.CollectorRefusesForNow(Collector, code, reason);
            else
                logger.CollectorRefuses(Collector, code, reason, options.QueueBytes);
        }

        _refusal = code;
        report.State = isTemporary ? UplinkState.RefusedForNow : UplinkState.Refused;
        return isTemporary ? _backoff.Next() : Backoff.AfterRefusal;
    }
}
