using System.Runtime.InteropServices;

namespace Recorder.Agent.Hosting;

/// <summary>Turns SIGTERM and SIGINT into an orderly stop.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource<string> _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
    ];

    /// <summary>Completes with the first signal's name.</summary>
    public Task<string> Received => _received.Task;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        // The default would end the process now.
        context.Cancel = true;
        _received.TrySetResult(context.Signal.ToString());
    }
}
