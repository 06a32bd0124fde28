using Recorder.Wire;

namespace Recorder.Storage.Tests;

public sealed class SmokeTests(StoreFixture fixture)
{
    [Fact]
    public async Task Write_OneSession_GivesCompleteVerdict()
    {
        Guid id = Guid.CreateVersion7();
        Batch batch = new NodeLog().Session(id).Data(id, StreamId.Out, 0, "hello\n").StreamEnd(id, StreamId.Out, 6)
            .StreamEnd(id, StreamId.In, 0).SessionEnd(id).Cut();
        WriteResult result = await fixture.Store.Writer.WriteAsync([batch], NodeLog.Cancellation);
        result.Frames.ShouldBe(5);
        result.SessionsEnded.ShouldBe([id]);
        SessionVerdict? verdict = await fixture.Store.Verdicts.ComputeAsync(id, NodeLog.Cancellation);
        verdict!.Reasons.ShouldBeEmpty();
        verdict.Verdict.ShouldBe(Verdict.Complete);
    }
}
