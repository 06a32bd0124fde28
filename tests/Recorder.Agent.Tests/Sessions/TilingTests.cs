using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Agent.Tests.Sessions;

/// <summary>Whatever comes, is lost, masked or comes late: the frames of each stream cover [0, total) exactly.</summary>
public sealed class TilingTests
{
    private const ulong Millisecond = 1_000_000;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Tracker_RandomEvents_TileEveryStream(int seed)
    {
        var random = new Random(seed);
        using var fixture = new TrackerFixture();
        var kernel = new KernelEvents();
        var terminal = random.Next(2) == 0;
        fixture.Feed(kernel.Start(terminal ? Start.Terminal : new Start()));
        var held = new List<(KernelEvent Event, byte[] Payload)>();
        for (var at = 0; at < 400; at++)
        {
            kernel.Time += (ulong)random.Next(1, 80) * Millisecond;
            var record = Next(random, kernel, terminal);
            if (record is null)
                continue;
            // Some records come a little later than the one behind them, as from another processor.
            if (random.Next(12) == 0)
                held.Add(record.Value);
            else
                fixture.Feed(record.Value);
            if (held.Count > 0 && random.Next(3) == 0)
                Release(fixture, held);
            if (random.Next(10) == 0)
                fixture.Tracker.AdvanceTo(kernel.Time);
        }

        Release(fixture, held);
        KernelStream[] streams = terminal ? [KernelStream.In, KernelStream.Out] : [KernelStream.In, KernelStream.Out, KernelStream.Err];
        foreach (var stream in streams)
            fixture.Feed(kernel.StreamEnd(stream));
        fixture.Feed(kernel.Exit(0, 0));

        foreach (var stream in streams)
            fixture.Frames.ShouldTile((StreamId)stream).ShouldBeGreaterThanOrEqualTo(kernel.Total(stream));
        fixture.Frames.ShouldTile(StreamId.Out).ShouldBe(kernel.Total(KernelStream.Out));
        fixture.Frames.Of<SessionEndFrame>().ShouldHaveSingleItem();
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 200)];

    private static (KernelEvent, byte[])? Next(Random random, KernelEvents kernel, bool terminal)
    {
        var stream = (KernelStream)random.Next(terminal ? 2 : 3);
        var bytes = new byte[random.Next(1, 200)];
        for (var at = 0; at < bytes.Length; at++)
            bytes[at] = (byte)(random.Next(6) == 0 ? random.Next(256) : random.Next('a', 'e'));
        switch (random.Next(10))
        {
            case 0:
                kernel.Lose(stream, (ulong)bytes.Length);
                return null;
            case 1:
                return kernel.Gap(stream, (ulong)bytes.Length, KernelGapReason.PageFault);
            case 2 when stream == KernelStream.In && terminal:
                return kernel.Data(stream, bytes, KernelDataFlags.Masked);
            case 3 or 4 or 5 when stream == KernelStream.In && terminal:
                return kernel.Data(stream, bytes[..Math.Min(bytes.Length, random.Next(1, 6))], KernelDataFlags.Raw);
            default:
                return kernel.Data(stream, bytes);
        }
    }

    private static void Release(TrackerFixture fixture, List<(KernelEvent Event, byte[] Payload)> held)
    {
        foreach (var record in held)
            fixture.Feed(record);
        held.Clear();
    }
}
