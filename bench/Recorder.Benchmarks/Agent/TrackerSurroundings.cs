using System.Diagnostics.CodeAnalysis;
using Recorder.Agent.Identity;
using Recorder.Agent.Sessions;
using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Benchmarks.Agent;

/// <summary>What stands around the tracker, answering at once: its disk, its kernel and its lookups are not what is measured.</summary>
internal sealed class TrackerSurroundings : IKernelSessions, ISessionStore, IIdentityResolver
{
    private static readonly SessionIdentity Identity = new() { UserName = "root" };

    public bool KnowsProbes => false;

    public bool TryRead(ulong session, out KernelSession state)
    {
        state = default;
        return false;
    }

    public bool Close(ulong session) => true;

    public void Forget(ulong session)
    {
    }

    public void Save(RecordedSession session, bool clean)
    {
    }

    public void Remove(Guid id)
    {
    }

    public SessionIdentity? Find(IdentityQuery query) => Identity;

    public void Request(IdentityQuery query)
    {
    }

    public bool TryTake(out ulong session, [MaybeNullWhen(false)] out SessionIdentity identity)
    {
        session = 0;
        identity = null;
        return false;
    }

    public bool TryTakeUnrecordable([MaybeNullWhen(false)] out UnrecordableFrame container)
    {
        container = null;
        return false;
    }

    public void Preload(string container, string cgroup, int initPid)
    {
    }
}
