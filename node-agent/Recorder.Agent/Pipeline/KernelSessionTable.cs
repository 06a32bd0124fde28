using Recorder.Agent.Sessions;
using Recorder.Kernel;

namespace Recorder.Agent.Pipeline;

/// <summary>The tracker's view of the kernel's sessions. While the agent stops, capture closes its maps before the last records are tracked.</summary>
internal sealed class KernelSessionTable(KernelCapture capture) : IKernelSessions
{
    public bool TryRead(ulong session, out KernelSession state)
    {
        try
        {
            return capture.TryReadSession(session, out state);
        }
        catch (ObjectDisposedException)
        {
            state = default;
            return false;
        }
    }

    public bool Close(ulong session)
    {
        try
        {
            return capture.CloseSession(session);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    public bool WasWatching(ulong time) => capture.WereStreamsAttached(time);

    public void Forget(ulong session)
    {
        try
        {
            capture.ForgetSession(session);
        }
        catch (ObjectDisposedException)
        {
            // The next agent finds the session ended in the kernel's table and forgets it.
        }
    }
}
