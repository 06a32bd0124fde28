using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Recorder.Wire.Tests;

/// <summary>FORMAT.md is normative: names and numbers in it are those of the code, and of the kernel programs where they pass them on.</summary>
public sealed partial class FormatDocumentTests
{
    private static readonly string Document = Read("protocol/Recorder.Wire/FORMAT.md");

    [Fact]
    public void Frames_OfTheDocument_AreThoseOfTheCode() => Table("## Frames").ShouldBe(Codes<FrameType>(), ignoreOrder: true);

    [Fact]
    public void Messages_OfTheDocument_AreThoseOfTheCode() => Table("## Messages").ShouldBe(Codes<MessageKind>(), ignoreOrder: true);

    [Fact]
    public void Lists_OfTheDocument_AreThoseOfTheCode()
    {
        List("GAP reasons:").ShouldBe(Codes<GapReason>(), ignoreOrder: true);
        List("GAP places:").ShouldBe(Codes<GapPlace>(), ignoreOrder: true);
        List("STREAM_END causes:").ShouldBe(Codes<StreamEndCause>(), ignoreOrder: true);
        List("SESSION_END causes:").ShouldBe(Codes<SessionEndCause>(), ignoreOrder: true);
        List("Streams:").ShouldBe(Codes<StreamId>(), ignoreOrder: true);
    }

    [Fact]
    public void RefuseCodes_OfTheCode_AreInTheDocument()
    {
        foreach (FieldInfo code in typeof(RefuseCode).GetFields())
            Section("REFUSE codes:").ShouldContain($"`{code.GetRawConstantValue()}`");
    }

    [Theory]
    [InlineData("RECORDER_GAP_", "enum recorder_gap_reason", typeof(GapReason))]
    [InlineData("RECORDER_END_", "enum recorder_end_cause", typeof(StreamEndCause))]
    public void KernelCodes_HaveTheValuesOfTheWire(string prefix, string declaration, Type wire)
    {
        string header = Read("bpf/include/recorder_events.h");
        string body = header[header.IndexOf(declaration, StringComparison.Ordinal)..];
        MatchCollection codes = KernelCode().Matches(body[..body.IndexOf("};", StringComparison.Ordinal)]);
        codes.ShouldNotBeEmpty();
        foreach (Match code in codes)
        {
            // The kernel's names are sometimes shorter: RECORDER_END_SESSION is SessionEnded.
            string? name = Enum.GetName(wire, byte.Parse(code.Groups[2].Value, CultureInfo.InvariantCulture));
            name.ShouldNotBeNull(code.Value);
            Plain(name).ShouldStartWith(Plain(code.Groups[1].Value[prefix.Length..]));
        }
    }

    // "| 4 | STREAM_END |" as (4, "STREAMEND").
    private static IEnumerable<(int, string)> Table(string heading) => Pairs(TableRow().Matches(Section(heading)));

    // "STREAM_END causes: 1 EOF, 2 HANGUP, …" up to the end of the line.
    private static IEnumerable<(int, string)> List(string label)
    {
        int start = Document.IndexOf(label, StringComparison.Ordinal) + label.Length;
        return Pairs(ListItem().Matches(Document[start..Document.IndexOf('.', start)]));
    }

    private static string Section(string label)
    {
        int start = Document.IndexOf(label, StringComparison.Ordinal);
        start.ShouldBeGreaterThanOrEqualTo(0, label);
        int end = Document.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? Document[start..] : Document[start..end];
    }

    private static IEnumerable<(int, string)> Pairs(MatchCollection matches) =>
        matches.Select(match => (int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), Plain(match.Groups[2].Value)));

    private static IEnumerable<(int, string)> Codes<TEnum>()
        where TEnum : struct, Enum => Enum.GetValues<TEnum>()
        .Select(value => (Convert.ToInt32(value, CultureInfo.InvariantCulture), Plain(value.ToString())))
        .Where(code => code.Item2 != "NONE");

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    private static string Read(string path) => File.ReadAllText(Path.Combine(Vector.SourceRoot(), path));

    [GeneratedRegex(@"^\| (\d+) \| ([A-Z_]+) \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex(@"(?:^|, ) ?(\d+) `?([A-Za-z_]+)")]
    private static partial Regex ListItem();

    [GeneratedRegex(@"(RECORDER_\w+) = (\d+)")]
    private static partial Regex KernelCode();
}
