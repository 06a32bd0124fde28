using Recorder.Agent.Sessions;
using Recorder.Wire;

namespace Recorder.Agent.Tests.Sessions;

/// <summary>Takes everything and keeps nothing.</summary>
internal sealed class NoFrames : IFrameSink
{
    public void Data(Guid subject, ulong time, StreamId stream, ulong offset, DataFlags flags, ReadOnlySpan<byte> bytes)
    {
    }

    public void Gap(Guid subject, ulong time, in GapFrame gap)
    {
    }

    public void StreamEnd(Guid subject, ulong time, in StreamEndFrame end)
    {
    }

    public void Session(Guid subject, ulong time, SessionSnapshot snapshot)
    {
    }

    public void SessionEnd(Guid subject, ulong time, in SessionEndFrame end)
    {
    }

    public void Resize(Guid subject, ulong time, in ResizeFrame size)
    {
    }

    public void Fork(Guid subject, ulong time, in ForkFrame fork)
    {
    }

    public void Exec(Guid subject, ulong time, ExecFrame exec)
    {
    }

    public void Exit(Guid subject, ulong time, in ExitFrame exit)
    {
    }

    public void Connect(Guid subject, ulong time, scoped in ConnectFrame connect)
    {
    }

    public void Probes(ulong time, ProbesFrame probes)
    {
    }

    public void Unrecordable(ulong time, UnrecordableFrame container)
    {
    }
}
