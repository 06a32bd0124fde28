using System.Text;
using Recorder.Agent.Tests.Sessions;
using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Agent.Tests.Masking;

/// <summary>A password that is typed where it isn't shown is in no frame, nor does any frame tell its length or rhythm.</summary>
public sealed class CanaryTests
{
    private const string Canary = "c4n4ry-Tr0ub4dor&3";
    private const ulong Millisecond = 1_000_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tracker_PasswordTypedRaw_IsInNoFrame(bool pasted)
    {
        using var fixture = new TrackerFixture();
        var kernel = new KernelEvents();
        fixture.Feed(kernel.Start(Start.Terminal), kernel.Data(KernelStream.Out, "user@host's password: "));
        foreach (var key in pasted ? [Canary] : Canary.Select(letter => letter.ToString()))
        {
            kernel.Time += 120 * Millisecond;
            fixture.Feed(kernel.Data(KernelStream.In, key, KernelDataFlags.Raw));
        }

        kernel.Time += 100 * Millisecond;
        fixture.Feed(kernel.Data(KernelStream.In, "\r", KernelDataFlags.Raw));
        kernel.Time += 100 * Millisecond;
        fixture.Feed(kernel.Data(KernelStream.Out, "\r\ncome in\r\n$ "));
        kernel.Time += 300 * Millisecond;
        fixture.Tracker.AdvanceTo(kernel.Time);
        fixture.Feed(kernel.StreamEnd(KernelStream.In), kernel.StreamEnd(KernelStream.Out), kernel.Exit(0, 0));

        ShouldNotTell(fixture);
        fixture.Frames.ShouldTile(StreamId.In).ShouldBe(65UL);
        fixture.Frames.Gaps(StreamId.In).ShouldHaveSingleItem().Length.ShouldBe(64UL);
        fixture.Frames.Text(StreamId.In).ShouldBe("\r");
    }

    [Fact]
    public void Tracker_PasswordMaskedByTheKernel_IsOneGapWithoutRhythm()
    {
        using var fixture = new TrackerFixture();
        var kernel = new KernelEvents();
        fixture.Feed(kernel.Start(Start.Terminal));
        foreach (var key in Canary + "\r")
        {
            kernel.Time += 120 * Millisecond;
            fixture.Feed(kernel.Data(KernelStream.In, key.ToString(), KernelDataFlags.Masked));
        }

        fixture.Feed(kernel.StreamEnd(KernelStream.In), kernel.StreamEnd(KernelStream.Out), kernel.Exit(0, 0));
        ShouldNotTell(fixture);
        fixture.Frames.Gaps(StreamId.In).ShouldHaveSingleItem().Length.ShouldBe(64UL);
    }

    private static void ShouldNotTell(TrackerFixture fixture)
    {
        var canary = Encoding.ASCII.GetBytes(Canary);
        foreach (var data in fixture.Frames.Of<WrittenData>())
            data.Bytes.AsSpan().IndexOfAny(canary.Except("user@host's password: come in\r\n$ "u8.ToArray()).ToArray()).ShouldBe(-1);
        foreach (var file in fixture.Files())
            File.ReadAllBytes(file).AsSpan().IndexOf(canary).ShouldBe(-1);
        fixture.Frames.Of<GapFrame>().ShouldAllBe(gap => gap.Length % 64 == 0);
    }
}
