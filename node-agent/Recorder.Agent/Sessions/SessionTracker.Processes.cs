using Recorder.Agent.Processes;
using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Agent.Sessions;

/// <summary>Processes of a session.</summary>
internal sealed partial class SessionTracker
{
    private bool TryDispatchProcess(RecordedSession session, in KernelEvent e, ReadOnlySpan<byte> payload) => e.Type switch
    {
        KernelEventType.Fork => TryFork(session, e, payload),
        KernelEventType.Exec => TryExec(session, e, payload),
        KernelEventType.Exit => TryExit(session, e, payload),
        _ => TryConnect(session, e, payload),
    };

    private bool TryFork(RecordedSession session, in KernelEvent e, ReadOnlySpan<byte> payload)
    {
        if (!KernelFork.TryParse(payload, out var fork))
            return false;
        session.Live = fork.Live;
        if (session.Phase != SessionPhase.Ignored)
            _sink.Fork(session.Id, e.Time, ProcessFrames.ToFrame(fork));
        return true;
    }

    private bool TryExec(RecordedSession session, in KernelEvent e, ReadOnlySpan<byte> payload)
    {
        if (!ExecView.TryParse(payload, out var exec))
            return false;
        if (session.Phase != SessionPhase.Ignored)
            _sink.Exec(session.Id, e.Time, ProcessFrames.ToFrame(exec, _filter));
        return true;
    }

    private bool TryExit(RecordedSession session, in KernelEvent e, ReadOnlySpan<byte> payload)
    {
        if (!KernelExit.TryParse(payload, out var exit))
            return false;
        session.Live = exit.Live;
        var frame = ProcessFrames.ToFrame(e, exit);
        if (session.Phase != SessionPhase.Ignored)
            _sink.Exit(session.Id, e.Time, frame);
        if (frame.Pid == session.RootPid && frame.Start == session.RootStart && !session.RootExited)
        {
            (session.RootExited, session.RootExitTime) = (true, e.Time);
            (session.ExitCode, session.Signal) = (frame.ExitCode, frame.Signal);
            // Said with the end; kept now, since the record won't come again for an agent that starts in between.
            session.Snapshot = session.Snapshot! with { ExitCode = frame.ExitCode, Signal = frame.Signal };
            session.Persist();
        }

        EndIfOver(session, e.Time);
        return true;
    }

    private bool TryConnect(RecordedSession session, in KernelEvent e, ReadOnlySpan<byte> payload)
    {
        if (!KernelConnect.TryParse(payload, out var connect))
            return false;
        if (session.Phase == SessionPhase.Ignored)
            return true;
        _sink.Connect(session.Id, e.Time, new ConnectFrame
        {
            Pid = e.Pid,
            Start = connect.StartTime,
            Socket = connect.Socket,
            Family = connect.Family,
            Protocol = connect.Protocol,
            Address = connect.Address.Bytes[..ProcessFrames.AddressLength(connect)],
            Port = connect.Port,
            Result = (uint)Math.Abs((long)connect.Result),
        });
        return true;
    }
}
