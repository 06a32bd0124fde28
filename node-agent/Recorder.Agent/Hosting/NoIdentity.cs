using Recorder.Agent.Identity;
using Recorder.Wire;

namespace Recorder.Agent.Hosting;

internal sealed class NoIdentity : IIdentityResolver
{
    public bool KnowsProbes => false;

    public SessionIdentity? Find(IdentityQuery query) => new();

    public void Request(IdentityQuery query)
    {
    }

    public bool TryTake(out ulong session, out SessionIdentity identity)
    {
        (session, identity) = (0, null!);
        return false;
    }

    public bool TryTakeUnrecordable(out UnrecordableFrame container)
    {
        container = null!;
        return false;
    }

    public void Preload(string container, string cgroup, int initPid)
    {
    }
}
