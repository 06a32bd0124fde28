using System.Text;
using Recorder.Testing;
using static Recorder.Cluster.Tests.ClusterFixture;

namespace Recorder.Cluster.Tests;

public sealed class RestartTests(ClusterFixture fixture) : ClusterTests(fixture)
{
    [Fact]
    public async Task Agent_RestartedInMidSession_KeepsTheSessionAndEveryByte()
    {
        string mark = Mark();
        using PseudoTerminal terminal = OnTerminal("exec", "-it", "web", "--", "sh", "-c", $": {mark}; exec sh");
        await terminal.ExpectAsync("# ");
        RecordedSession before = await Recorder.SessionAsync(mark, session => session.Bytes("out") > 0);

        (await Recorder.Agent.TerminateAsync(Wait.Limit)).ShouldBe(0);
        terminal.Send("echo while\"\"-away\r");
        await terminal.ExpectAsync("while-away");
        await Recorder.StartAgentAsync();
        terminal.Send("echo after\"\"wards; exit 0\r");
        (await terminal.WaitForExitAsync()).ShouldBe(0);

        RecordedSession session = await Recorder.EndedSessionAsync(mark);
        session.Id.ShouldBe(before.Id);
        session.Pod.ShouldBe("web");
        session.Verdict.ShouldBe("COMPLETE", session.ToString());
        byte[] stored = await Recorder.StreamAsync(session, "out");
        Encoding.UTF8.GetString(stored).ShouldBe(Encoding.UTF8.GetString(terminal.Output));
    }
}
