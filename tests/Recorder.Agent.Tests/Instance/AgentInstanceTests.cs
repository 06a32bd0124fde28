using Microsoft.Extensions.Logging.Abstractions;
using Recorder.Agent.Instance;

namespace Recorder.Agent.Tests.Instance;

public sealed class AgentInstanceTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("recorder-instance-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string State => Path.Combine(_directory, "state");

    [Fact]
    public void Open_Twice_KeepsTheOriginAndLinksTheEpochs()
    {
        Guid origin, first;
        using (AgentInstance instance = AgentInstance.Open(State))
        {
            instance.BeginEpoch(DateTimeOffset.UtcNow);
            (origin, first) = (instance.Origin, instance.Epoch);
            instance.PreviousEpoch.ShouldBeNull();
        }

        using AgentInstance again = AgentInstance.Open(State);
        again.BeginEpoch(DateTimeOffset.UtcNow);

        again.Origin.ShouldBe(origin);
        again.PreviousEpoch.ShouldBe(first);
        again.Epoch.ShouldNotBe(first);
        again.Epoch.Version.ShouldBe(7);
        AgentInstance.FindOrigin(State).ShouldBe(origin);
    }

    [Fact]
    public void Open_WhileAnotherAgentHasIt_IsRefusedNamingThePid()
    {
        using AgentInstance first = AgentInstance.Open(State);

        InstanceException refusal = Should.Throw<InstanceException>(() => AgentInstance.Open(State));

        refusal.Message.ShouldContain($"in use by the agent with pid {Environment.ProcessId}");
    }

    [Fact]
    public void Open_OriginUnreadable_NamesTheFile()
    {
        Directory.CreateDirectory(State);
        File.WriteAllText(Path.Combine(State, "instance"), "rubbish\n");

        Should.Throw<InstanceException>(() => AgentInstance.Open(State)).Message.ShouldContain(Path.Combine(State, "instance"));

        File.WriteAllText(Path.Combine(State, "instance"), Guid.NewGuid().ToString());
        AgentInstance.Open(State).Dispose();
    }

    [Fact]
    public void RemoveAbandoned_OnlyPinsThatNobodyHoldsForLong_AreRemoved()
    {
        string run = Path.Combine(_directory, "run");
        Guid own = Guid.NewGuid(), live = Guid.NewGuid(), gone = Guid.NewGuid(), recent = Guid.NewGuid(), foreign = Guid.NewGuid();
        PinnedInstances pinned = new(Path.Combine(_directory, "pins"), run, Uninstall, TimeProvider.System, NullLogger.Instance);
        foreach (Guid origin in new[] { own, live, gone, recent, foreign })
            MakePins(origin);
        using FileLock ours = pinned.Claim(own);
        using FileLock theirs = pinned.Claim(live);
        pinned.Claim(gone).Dispose();
        pinned.Claim(recent).Dispose();
        foreach (Guid origin in new[] { own, live, gone })
            File.SetLastWriteTimeUtc(Path.Combine(run, origin + ".lock"), DateTime.UtcNow - PinnedInstances.Grace - TimeSpan.FromSeconds(1));

        Guid stale = Guid.NewGuid();
        pinned.Claim(stale).Dispose();
        File.SetLastWriteTimeUtc(Path.Combine(run, stale + ".lock"), DateTime.UtcNow - PinnedInstances.Grace - TimeSpan.FromSeconds(1));

        pinned.RemoveAbandoned(own);

        File.Exists(Path.Combine(run, stale + ".lock")).ShouldBeFalse();
        File.Exists(Path.Combine(run, live + ".lock")).ShouldBeTrue();
        Directory.EnumerateDirectories(Path.Combine(_directory, "pins")).Select(Path.GetFileName).Order()
            .ShouldBe(new[] { own, live, recent, foreign }.Select(origin => origin.ToString()).Order());
    }

    [Fact]
    public void Claim_SameOriginTwice_IsRefused()
    {
        PinnedInstances pinned = new(_directory, Path.Combine(_directory, "run"), Uninstall, TimeProvider.System, NullLogger.Instance);
        Guid origin = Guid.NewGuid();
        using FileLock first = pinned.Claim(origin);

        Should.Throw<InstanceException>(() => pinned.Claim(origin)).Message.ShouldContain("was copied");
    }

    private static void Uninstall(string directory) => Directory.Delete(directory, recursive: true);

    private void MakePins(Guid origin)
    {
        string directory = Path.Combine(_directory, "pins", origin.ToString(), "1");
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "events"), "");
    }
}
