using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Recorder.Agent.Configuration;
using Recorder.Wire;

namespace Recorder.Agent.Uplink;

/// <summary>Begins another epoch.</summary>
internal interface IEpochTurn
{
    /// <summary>Returns the greeting of the new epoch once everything that is queued belongs to it.</summary>
    Task<Hello> BeginAsync(Hello last, CancellationToken cancellation);
}

/// <summary>
/// Keeps the connection to the collector: greets, resumes, and when it ends connects again with back-off. Whatever the collector does, recording
/// goes on within the queue's bound. A state is reported when it begins, not at each attempt.
/// </summary>
internal sealed class CollectorUplink(
    AgentOptions options,
    Hello hello,
    BatchQueue queue,
    IHeadsInquiry heads,
    IEpochTurn epochs,
    UplinkReport report,
    TimeProvider time,
    ILogger logger)
{
    private static readonly TimeSpan GreetingLimit = TimeSpan.FromSeconds(10);

    private readonly Backoff _backoff = new(Random.Shared);
    private Hello _hello = hello;
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
            if (!await ConnectAndRunAsync(cancellation))
            {
                _hello = await epochs.BeginAsync(_hello, cancellation);
                return Backoff.Shortest;
            }
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

    // False when the collector needs a new epoch.
    private async Task<bool> ConnectAndRunAsync(CancellationToken cancellation)
    {
        (CollectorConnection connection, Welcome welcome) = await GreetAsync(cancellation);
        await using (connection)
        {
            if (!TryResume(welcome))
                return false;
            UplinkSession session = new(connection, welcome, _hello.Epoch, queue, heads, report, time);
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

        return true;
    }

    private async Task<(CollectorConnection Connection, Welcome Welcome)> GreetAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource limit = new(GreetingLimit, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        return await CollectorConnection.OpenAsync(options.Collector, _hello, either.Token);
    }

    private bool TryResume(Welcome welcome)
    {
        switch (queue.Resume(welcome.Resume))
        {
            case ResumeOutcome.Ahead:
                throw new CollectorProtocolException($"WELCOME resumes at frame {welcome.Resume}, which was never sent");
            case ResumeOutcome.Behind:
                // What lies between was acknowledged and is gone here: the numbers can't go on where the collector wants them to.
                logger.CollectorForgot(Collector, welcome.Resume, queue.Acknowledged);
                return false;
            default:
                report.Connected();
                report.State = UplinkState.Connected;
                _refusal = null;
                logger.CollectorConnected(Collector, welcome.Resume, queue.Bytes);
                return true;
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
