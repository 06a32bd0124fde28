using Recorder.Kernel.Programs;

namespace Recorder.Kernel.Tests;

public sealed class AttachmentHistoryTests
{
    [Fact]
    public void Covers_TimesOfTwoAttachments_AreToldFromThoseBetween()
    {
        var history = new AttachmentHistory();
        history.Begin(100);
        history.End(200);
        history.End(250);
        history.Begin(300);

        history.Since.ShouldBe(300UL);
        new ulong[] { 99, 100, 199, 200, 225, 299, 300, 1000 }.Where(history.Covers).ShouldBe([100UL, 199UL, 300UL, 1000UL]);
    }

    [Fact]
    public void Covers_TimeLongAgo_IsNotClaimed()
    {
        var history = new AttachmentHistory();
        for (ulong i = 1; i <= 40; i++)
        {
            history.Begin(i * 10);
            history.End((i * 10) + 5);
        }

        history.Covers(12).ShouldBeFalse();
        history.Covers(402).ShouldBeTrue();
        history.Since.ShouldBe(0UL);
    }
}
