using System.Text;
using System.Text.Json;
using Recorder.Cli.Output;

namespace Recorder.Cli.Tests.Output;

public sealed class CleanTextTests
{
    [Theory]
    [InlineData("plain é 雛 🙂", "plain é 雛 🙂")]
    [InlineData("\e[31m\a\0\x7f\r\n\t", "␛[31m␇␀␡␍␊␉")]
    [InlineData("\u009b31m\u0085", "\\x9b31m\\x85")]
    [InlineData("a\u202eb\u2066\u200b\ufeff\u2028", "a\\u202eb\\u2066\\u200b\\ufeff\\u2028")]
    [InlineData("\U000E0041", "\\U000e0041")]
    public void Of_Hazards_AreShown(string text, string expected) => CleanText.Of(text).ShouldBe(expected);

    [Fact]
    public void Of_LoneSurrogate_IsReplaced() => CleanText.Of("a\ud800b").ShouldBe("a\uFFFDb");

    [Theory]
    [InlineData("é\e\u009b雛🙂", "\\xe9\\x1b\\x9b\\u96db\\U0001f642")]
    public void Of_OtherCharacterSet_EscapesAllButAscii(string text, string expected) => CleanText.Of(text, unicode: false).ShouldBe(expected);

    [Fact]
    public void Command_Arguments_AreQuotedWhereAShellNeedsIt() =>
        CleanText.Command(["sh", "-c", "echo 'a' > b", "", "x=1"]).ShouldBe("sh -c 'echo '\\''a'\\'' > b' '' x=1");

    [Theory]
    [InlineData(null, true)]
    [InlineData("C", true)]
    [InlineData("C.UTF-8", true)]
    [InlineData("en_US.utf8", true)]
    [InlineData("de_DE.ISO-8859-1", false)]
    [InlineData("ja_JP.eucJP", false)]
    public void Screen_Locale_SaysWhetherItSpeaksUnicode(string? locale, bool expected) =>
        ScreenFacts.SpeaksUnicode(name => name == "LC_CTYPE" ? locale : null).ShouldBe(expected);

    [Fact]
    public void JsonEncoder_EveryCharacter_IsEscapedOrHarmlessAndReadBackTheSame()
    {
        var options = new JsonSerializerOptions { Encoder = JsonEncoder.Instance };
        for (int scalar = 0; scalar <= 0x10FFFF; scalar++)
        {
            if (!Rune.TryCreate(scalar, out Rune rune))
                continue;
            string text = rune.ToString();
            string json = JsonSerializer.Serialize(text, options);
            if (json.EnumerateRunes().Any(Hazards.Includes))
                Assert.Fail($"U+{scalar:X4} is written raw");
            if (JsonSerializer.Deserialize<string>(json) != text)
                Assert.Fail($"U+{scalar:X4} became {json}");
        }
    }

    [Fact]
    public void JsonLines_RawControlsInTheAnswer_AreEscaped()
    {
        using JsonDocument document = JsonDocument.Parse("{\"a\u009b\": \"b\u009b\u202e>'+\"}");
        using var output = new MemoryStream();

        JsonLines.WriteLine(output, document.RootElement.WriteTo);

        Encoding.UTF8.GetString(output.ToArray()).ShouldBe("{\"a\\u009b\":\"b\\u009b\\u202e>'+\"}\n");
    }

    [Theory]
    [InlineData("雛雛雛", 5, "雛雛…")]
    [InlineData("雛雛雛", 6, "雛雛雛")]
    [InlineData("abcdef", 4, "abc…")]
    [InlineData("abc", 0, "")]
    public void CellText_Fit_CountsCells(string text, int cells, string expected) => CellText.Fit(text, cells).ShouldBe(expected);
}
