using System.Net;
using Recorder.Collector.Diagnostics;
using Recorder.Collector.Sessions;
using Recorder.Collector.Web;

namespace Recorder.Collector.Tests.Web;

public sealed class WebTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("15m", "2026-01-31T11:45:00Z")]
    [InlineData("90s", "2026-01-31T11:58:30Z")]
    [InlineData("7d", "2026-01-24T12:00:00Z")]
    [InlineData("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")]
    [InlineData("2026-01-01T00:00:00+02:00", "2025-12-31T22:00:00Z")]
    [InlineData("2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00.5Z")]
    [InlineData("2026-01-01T00:00:00.123456789Z", "2026-01-01T00:00:00.1234567Z")]
    public void Instant_InEachForm_IsRead(string text, string expected)
    {
        InstantText.TryParse(text, Now, out var instant).ShouldBeTrue();
        instant.ShouldBe(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("15")]
    [InlineData("-15m")]
    [InlineData("15w")]
    [InlineData("m")]
    [InlineData("999999999d")]
    [InlineData("2026-01-01")]
    [InlineData("2026-01-01T00:00:00")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("2026-13-01T00:00:00Z")]
    public void Instant_OfAnotherForm_IsRefused(string text) => InstantText.TryParse(text, Now, out _).ShouldBeFalse();

    [Theory]
    [InlineData("bytes=0-4", 0, 5)]
    [InlineData("bytes=5-", 5, 10)]
    [InlineData("bytes=5-100", 5, 10)]
    [InlineData("bytes=-3", 7, 10)]
    [InlineData("bytes=-100", 0, 10)]
    [InlineData("bytes=9-9", 9, 10)]
    public void Range_ThatCanBeServed_IsRead(string header, int from, int to)
    {
        ByteRange.TryRead(header, 10, out var range).ShouldBeTrue();
        range.ShouldBe(new ByteRange((ulong)from, (ulong)to));
    }

    [Theory]
    [InlineData("bytes=10-")]
    [InlineData("bytes=-0")]
    [InlineData("bytes=10-11")]
    public void Range_BehindTheEnd_CannotBeServed(string header)
    {
        ByteRange.TryRead(header, 10, out var range).ShouldBeTrue();
        range.ShouldBeNull();
    }

    [Theory]
    [InlineData("lines=0-4")]
    [InlineData("bytes=4-0")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=0-1,3-4")]
    [InlineData("bytes=-")]
    [InlineData("bytes=")]
    public void Range_OfAnotherForm_IsIgnored(string header) => ByteRange.TryRead(header, 10, out _).ShouldBeFalse();

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("[::1]", true)]
    [InlineData("recorder.example", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("10.1.2.4", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Host_OfSomebodyElse_IsRefused(string? host, bool allowed) =>
        new HostCheck(["recorder.example"], IPAddress.Parse("10.1.2.3")).Allows(host).ShouldBe(allowed);

    [Fact]
    public void Metric_WithOddLabel_IsEscaped() =>
        new PrometheusText().Family("a", "gauge", "A.").Sample("a", 1.5, ("node", "x\"\\\ny")).ToString()
            .ShouldBe("# HELP a A.\n# TYPE a gauge\na{node=\"x\\\"\\\\\\ny\"} 1.5\n");

    [Fact]
    public void Latencies_AreSummedUp()
    {
        var summary = new LatencySummary();
        for (int i = 1; i <= 2000; i++) summary.Observe(TimeSpan.FromSeconds(i));
        var (count, sum, quantiles) = summary.Read(0, 0.5);
        count.ShouldBe(2000);
        sum.ShouldBe(2001000);
        quantiles[0].ShouldBe(977);
        quantiles[1].ShouldBe(1489);
    }

    [Fact]
    public void LogText_WithControlCharacters_IsTamed()
    {
        Printable.Of("a\nb\u001b[2Jc").ShouldBe("a?b?[2Jc");
        Printable.Of(null).ShouldBe("-");
        Printable.Of(new string('x', 500)).Length.ShouldBe(201);
    }

    [Theory]
    [InlineData(1, new byte[] { 0, 104, 105 }, "@hi")]
    [InlineData(1, new byte[] { 47, 114, 0, 0 }, "/r")]
    [InlineData(2, new byte[] { 10, 0, 0, 1 }, "10.0.0.1")]
    [InlineData(16, new byte[] { 10, 255 }, "0aff")]
    public void Address_OfEachFamily_IsWritten(int family, byte[] address, string expected) =>
        ConnectionView.AddressText((ushort)family, address).ShouldBe(expected);
}
