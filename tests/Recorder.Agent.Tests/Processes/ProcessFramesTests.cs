using System.Text;
using Recorder.Agent.Processes;
using Recorder.Wire;

namespace Recorder.Agent.Tests.Processes;

public sealed class ProcessFramesTests
{
    [Theory]
    [InlineData(0U, 0, null, false)]
    [InlineData(0x0300U, 3, null, false)]
    [InlineData(9U, null, 9, false)]
    [InlineData(0x8bU, null, 11, true)]
    public void Status_OfWait_IsCodeOrSignal(uint status, int? code, int? signal, bool core) =>
        ProcessFrames.ReadStatus(status).ShouldBe((code, signal, core));

    [Fact]
    public void Argv_EmptyArguments_AreKept() =>
        ProcessFrames.ReadArgv("sh\0\0-c\0"u8)!.Select(text => text.ToString()).ShouldBe(["sh", "", "-c"]);

    [Fact]
    public void Argv_Nothing_IsNotKnown() => ProcessFrames.ReadArgv(default).ShouldBeNull();

    [Fact]
    public void Argv_BeyondTheWiresLimits_IsCut()
    {
        ProcessFrames.ReadArgv(new byte[2 * WireLimits.Elements])!.Count.ShouldBe(WireLimits.Elements);
        var one = Encoding.ASCII.GetBytes(new string('x', 2 * WireLimits.Argv));
        ProcessFrames.ReadArgv(one)!.Single().Bytes.Length.ShouldBe(WireLimits.Argv);
    }
}
