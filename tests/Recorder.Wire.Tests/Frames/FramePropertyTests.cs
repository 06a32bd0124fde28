using System.Collections;
using System.Reflection;

namespace Recorder.Wire.Tests;

public sealed class FramePropertyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomFrames_DecodedAndEncoded_AreByteIdentical(int seed)
    {
        var random = new RandomFrames(seed);
        for (int i = 0; i < 2000; i++)
        {
            using var buffer = new PooledBuffer();
            random.Write(buffer, (ulong)i + 1, FrameSamples.Session);
            byte[] bytes = buffer.WrittenSpan.ToArray();
            Convert.ToHexStringLower(Decoding.Reencode("frame", bytes)).ShouldBe(Convert.ToHexStringLower(bytes));
        }
    }

    [Fact]
    public void FrameReader_ManyFrames_ShowsEachWhereItStands()
    {
        var random = new RandomFrames(4);
        var starts = new List<int>();
        using var buffer = new PooledBuffer();
        for (int i = 0; i < 500; i++)
        {
            starts.Add(buffer.Length);
            random.Write(buffer, (ulong)i + 1, FrameSamples.Session);
        }

        starts.Add(buffer.Length);
        int index = 0;
        foreach (Frame frame in new FrameReader(buffer.WrittenSpan))
        {
            frame.Header.Seq.ShouldBe((ulong)index + 1);
            frame.Header.Subject.ShouldBe(FrameSamples.Session);
            frame.Bytes.SequenceEqual(buffer.WrittenSpan[starts[index]..starts[index + 1]]).ShouldBeTrue();
            frame.Bytes.EndsWith(frame.BodyBytes).ShouldBeTrue();
            frame.Check();
            index++;
        }

        index.ShouldBe(500);
    }

    [Fact]
    public void Session_EveryField_Survives()
    {
        AssertSame(FrameSamples.FullSession, RoundTrip(FrameSamples.FullSession));
        AssertSame(FrameSamples.SmallSession, RoundTrip(FrameSamples.SmallSession));
        var random = new RandomFrames(5);
        for (int i = 0; i < 500; i++)
        {
            SessionSnapshot session = random.Session();
            AssertSame(session, RoundTrip(session));
        }
    }

    [Fact]
    public void FullSamples_HaveNoFieldThatIsNotSet()
    {
        foreach (object sample in new object[] { FrameSamples.FullSession, FrameSamples.FullExec, FrameSamples.Node, FrameSamples.Probes, FrameSamples.Unrecordable, MessageSamples.Node })
        {
            foreach (PropertyInfo property in sample.GetType().GetProperties())
                property.GetValue(sample).ShouldNotBeNull($"{sample.GetType().Name}.{property.Name}");
        }
    }

    [Fact]
    public void Session_OfMoreThanTheLimits_IsCutAndReadable()
    {
        SessionSnapshot many = FrameSamples.SmallSession with
        {
            Command = [.. Enumerable.Repeat<Text>("", 5000)],
            Labels = Enumerable.Range(10_000, 5000).ToDictionary(i => $"{i}", _ => ""),
        };
        SessionSnapshot read = RoundTrip(many);
        read.Command!.Count.ShouldBe(WireLimits.Elements);
        read.Labels!.Count.ShouldBe(WireLimits.Elements);
        read.Labels.Keys.Order().First().ShouldBe("10000");
        SessionSnapshot large = FrameSamples.SmallSession with { Labels = Enumerable.Range(1, 9).ToDictionary(i => $"{i}", _ => new string('é', 5000)) };
        RoundTrip(large).Labels!.Count.ShouldBe(6);
    }

    private static SessionSnapshot RoundTrip(SessionSnapshot session)
    {
        using var buffer = new PooledBuffer();
        new SessionFrame(session).Write(buffer, 1, 2, FrameSamples.Session);
        var frames = new FrameReader(buffer.WrittenSpan);
        frames.MoveNext().ShouldBeTrue();
        MessagePackReader body = frames.Current.Body;
        SessionSnapshot read = SessionFrame.Read(ref body).Snapshot;
        frames.MoveNext().ShouldBeFalse();
        return read;
    }

    private static void AssertSame(object expected, object actual)
    {
        foreach (PropertyInfo property in expected.GetType().GetProperties())
        {
            object? left = property.GetValue(expected);
            object? right = property.GetValue(actual);
            bool same = left is IEnumerable lefts and not string && right is IEnumerable rights
                ? Sorted(lefts).SequenceEqual(Sorted(rights))
                : Equals(left, right);
            same.ShouldBeTrue(property.Name);
        }
    }

    // Maps have no order of their own.
    private static IEnumerable<object> Sorted(IEnumerable values) =>
        values is IDictionary or IReadOnlyDictionary<string, string> ? values.Cast<object>().OrderBy(pair => pair.ToString(), StringComparer.Ordinal) : values.Cast<object>();
}
