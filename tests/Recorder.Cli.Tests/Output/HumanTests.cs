using Recorder.Cli.CommandLine;
using Recorder.Cli.Output;
using Recorder.Cli.Sessions;

namespace Recorder.Cli.Tests.Output;

public sealed class HumanTests
{
    [Theory]
    [InlineData(0.0123, "12ms")]
    [InlineData(2.55, "2.5s")]
    [InlineData(61, "1m01s")]
    [InlineData(3660, "1h01m")]
    [InlineData(90000, "1d01h")]
    [InlineData(-5, "0ms")]
    public void Duration_IsShort(double seconds, string expected) => Human.Duration(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(1L << 40, "1.0 TiB")]
    public void Size_HasUnits(long bytes, string expected) => Human.Size(bytes).ShouldBe(expected);

    [Theory]
    [InlineData("2.5", 2.5)]
    [InlineData("90s", 90)]
    [InlineData("5m", 300)]
    [InlineData("1h", 3600)]
    [InlineData("1:30", 90)]
    [InlineData("1:02:03", 3723)]
    public void Span_IsUnderstood(string text, double seconds)
    {
        Values.TryParseSpan(text, out TimeSpan value).ShouldBeTrue();
        value.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("s")]
    [InlineData("1:2:3:4")]
    [InlineData("soon")]
    [InlineData("1e9")]
    [InlineData("99999999999")]
    public void Span_Nonsense_IsRefused(string text) => Values.TryParseSpan(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("019a", true)]
    [InlineData("019a9f31-22c4", true)]
    [InlineData("019a9f3122", false)]
    [InlineData("019", false)]
    [InlineData("019g", false)]
    [InlineData("019a9f31-", true)]
    public void Reference_OnlyTheBeginningOfAnId_Counts(string text, bool expected) => SessionReference.IsPrefix(text).ShouldBe(expected);

    [Fact]
    public void Reference_Times_AreThoseOfTheId()
    {
        SessionReference.TimesOf("019a9f31-22c4").ShouldBe((DateTimeOffset.FromUnixTimeMilliseconds(0x019a9f3122c4), DateTimeOffset.FromUnixTimeMilliseconds(0x019a9f3122c4)));
        SessionReference.TimesOf("019a9f31").ShouldBe((DateTimeOffset.FromUnixTimeMilliseconds(0x019a9f310000), DateTimeOffset.FromUnixTimeMilliseconds(0x019a9f31ffff)));
        SessionReference.TimesOf("019a").ShouldBeNull();
        SessionReference.TimesOf("ffffffff-ffff").ShouldBeNull();
    }

    [Fact]
    public void ShortIds_SameMillisecond_AreLonger()
    {
        ShortIds.LengthFor(["019a9f31-22c4-7000-8000-000000000001", "019a9f31-22c5-7000-8000-000000000001"]).ShouldBe(13);
        ShortIds.LengthFor(["019a9f31-22c4-7000-8000-000000000001", "019a9f31-22c4-7001-8000-000000000001"]).ShouldBe(18);
        ShortIds.LengthFor(["019a9f31-22c4-7000-8000-000000000001", "019a9f31-22c4-7000-8000-000000000002"]).ShouldBe(36);
        ShortIds.LengthFor([]).ShouldBe(13);
    }
}
