using System.Buffers;
using System.Text;
using Recorder.Cli.Terminal;

namespace Recorder.Cli.Tests.Terminal;

public sealed class EscapeFilterTests
{
    [Theory]
    [InlineData("plain text\r\n")]
    [InlineData("\t\b\x0b\x0c")]
    [InlineData("\e[1;31mred\e[0m")]
    [InlineData("\e[38;2;1;2;3m\e[4:3m\e[m")]
    [InlineData("\e[2J\e[H\e[10;20H\e[K\e[1K\e[?2J")]
    [InlineData("\e[5A\e[5B\e[5C\e[5D\e[3E\e[3F\e[7G\e[7d\e[7`\e[2a\e[2e")]
    [InlineData("\e[2L\e[2M\e[2P\e[2@\e[2X\e[3S\e[3T\e[4h\e[4l")]
    [InlineData("\e[2;20r\e[r\eM\eD\eE\e7\e8\e[s\e[u")]
    [InlineData("\e[?1049h\e[?25l\e[?25h\e[?7l\e[?6h\e[?1049l\e[?47h\e[?1047l\e[?1048h")]
    [InlineData("\eH\e[g\e[3g\e[2I\e[2Z")]
    [InlineData("\e(0lqk\e(B\e)0\x0e\x0f\e#8")]
    [InlineData("-\e[20b")]
    public void Write_WhatDraws_Passes(string text) => Output(text).ShouldBe(text);

    [Theory]
    [InlineData("a\e[6nb", "ab")] // cursor position report
    [InlineData("a\e[?6nb\e[5n", "ab")]
    [InlineData("\e[c\e[0c\e[>c\e[=c\e[>0qx", "x")] // device attributes, version
    [InlineData("\eZx", "x")] // DECID
    [InlineData("\e[21t\e[14t\e[8;50;100t\e[22;0tx", "x")] // window operations, title report
    [InlineData("\e[?1$p\e[4$px", "x")] // DECRQM
    [InlineData("\eP$qm\e\\x", "x")] // DECRQSS
    [InlineData("\eP+q544e\e\\x", "x")] // XTGETTCAP
    [InlineData("\e[xq", "q")] // DECREQTPARM
    [InlineData("a\x05" + "b", "ab")] // ENQ answers back
    [InlineData("\e]10;?\x07x\e]11;?\e\\y\e]4;1;?\x9cz", "xyz")] // colour queries
    [InlineData("\e[?996n\e[?ux", "x")]
    [InlineData("\e[1;1;1;1;1;1*yx", "x")] // checksum of a rectangle
    public void Write_WhatAnswers_IsDropped(string text, string expected) => Output(text).ShouldBe(expected);

    [Theory]
    [InlineData("\e]0;title\x07x", "x")]
    [InlineData("\e]2;title\e\\x", "x")]
    [InlineData("\ektitle\e\\x", "x")] // screen and tmux
    [InlineData("\e]52;c;cm0gLXJm\x07x", "x")] // clipboard
    [InlineData("\e]8;;http://example.org\e\\link\e]8;;\e\\", "link")]
    [InlineData("\e]7;file://host/\x07\e]777;notify;a;b\x07\e]1337;File=name=eA==:AAAA\x07x", "x")]
    [InlineData("\e]50;font\x07\e]104\x07\e]133;A\x07\e]9;hi\x07x", "x")]
    [InlineData("\eP0;1|17/41\e\\x", "x")] // DECUDK: redefines keys
    [InlineData("\ePtmux;\e\e]52;c;AAAA\x07\e\\x", "x")] // tmux passthrough
    [InlineData("\e_Gf=100;AAAA\e\\x\e^private\e\\y\eXstart\e\\z", "xyz")] // APC, PM, SOS
    [InlineData("\e[i\e[4i\e[5i\e[?5ix", "x")] // printer
    [InlineData("\e[?1000h\e[?1002h\e[?1003;1006h\e[?1015h\e[?1004h\e[?2004hx", "x")] // mouse, focus, paste
    [InlineData("\e[2h\e[12l\e[20hx", "x")] // keyboard lock, echo, new line
    [InlineData("\e[?1h\e=\e>\e[>4;2m\e[>1u\e[<u\e[=1;1ux", "x")] // what keys send
    [InlineData("\e[?3h\e[?5h\e[?69h\e[?2026hx", "x")] // 132 columns, reverse, margins, frozen screen
    [InlineData("\e[3Jx\e[22J", "x")] // what the user could scroll back to
    [InlineData("\e[1;1;1;1;1Tx", "x")] // highlight tracking
    [InlineData("\e[1q\e[5 q\e[\"qx", "x")] // LEDs, cursor shape
    [InlineData("\e[?1s\e[?1rx", "x")] // save and restore modes
    [InlineData("\e[10;20sx", "x")]
    [InlineData("\en\eo\e|\e}\e~\eN\eO\e%@\e%G\e F\e Gx", "x")] // shifts, other encodings, 8-bit answers
    [InlineData("\e]P0ff0000red\e]Rx", "redx")] // Linux console palette
    [InlineData("a\a\0\x11\x13\x7f" + "b", "ab")]
    public void Write_WhatChangesTheTerminal_IsDropped(string text, string expected) => Output(text).ShouldBe(expected);

    [Theory]
    [InlineData("\u009b31mred", "\e[31mred")]
    [InlineData("\u009b6nx", "x")]
    [InlineData("\u009d52;c;AAAA\u009cx", "x")]
    [InlineData("\u0090$qm\u009cx\u009fa\u009cy\u009ea\u009cz\u0098a\u009c!", "xyz!")]
    [InlineData("\u0084\u0085\u0088\u008dx\u009a", "\eD\e" + "E\eH\eMx")]
    public void Write_C1_IsUnderstoodAsByteAndAsUtf8(string text, string expected)
    {
        Output(text).ShouldBe(expected);
        Encoding.UTF8.GetString(Filtered.All(Encoding.UTF8.GetBytes(text))).ShouldBe(expected);
    }

    [Fact]
    public void Write_ContinuationThatLooksLikeC1_IsPartOfItsCharacter()
    {
        byte[] text = "雛 ✛ 🙛 é"u8.ToArray(); // with 9B inside

        Filtered.All(text).ShouldBe(text);
    }

    [Theory]
    [InlineData("\xc3(", "\uFFFD(")]
    [InlineData("\xc0\xafx", "\uFFFD\uFFFDx")] // overlong
    [InlineData("\xed\xa0\x80x", "\uFFFD\uFFFDx")] // a surrogate; 80 is a C1 control then
    [InlineData("\xf5x\xff", "\uFFFDx\uFFFD")]
    [InlineData("\xe2\x82", "\uFFFD")]
    [InlineData("\xe2\e[31m", "\uFFFD\e[31m")]
    public void Write_InvalidUtf8_BecomesReplacements(string latin1, string expected) =>
        Encoding.UTF8.GetString(Filtered.All(Filtered.Bytes(latin1))).ShouldBe(expected);

    [Theory]
    [InlineData("\e[?1049;1000;25h", "\e[?1049;25h")]
    [InlineData("\e[99999999999C", "\e[9999C")]
    [InlineData("x\e[99999b", "x\e[1000b")]
    [InlineData("\e[1\n2C", "\n\e[12C")] // a control acts inside of a sequence
    [InlineData("\e[31\x18mx", "mx")] // CAN ends it
    [InlineData("\e[31\e[32m", "\e[32m")]
    [InlineData("\e[1!mx\e[1?mx\e[::Hx", "xxx")]
    [InlineData("\e]0;a\e[31mx", "\e[31mx")] // ESC ends a string
    [InlineData("\e[3", "")]
    [InlineData("\e]0;never ended", "")]
    public void Write_OddSequences_AreBounded(string text, string expected) => Output(text).ShouldBe(expected);

    [Fact]
    public void Write_TooManyParameters_IsDropped()
    {
        Output("\e[" + string.Join(';', Enumerable.Repeat("1", 40)) + "mx").ShouldBe("x");
        Output("\e[" + new string('1', 5000) + "Hx").ShouldBe("x");
        Output("\e[" + new string('1', 5000) + "mx").ShouldBe("x");
    }

    [Fact]
    public void Write_StringWithoutEnd_HidesNoMoreThanItsLimit()
    {
        string hidden = new('a', DroppedString.Longest + 1);

        Output("\eP" + hidden + "seen").ShouldBe("seen");
    }

    [Fact]
    public void Write_FullReset_ResetsTheScreenAlone()
    {
        string output = Output("\e[?1049h\e[2;3r\e" + "c");

        output.ShouldNotContain("\e" + "c");
        output.ShouldEndWith("\e[9999;1H\e[?1049l\e[H\e[2J");
    }

    [Fact]
    public void Restore_AfterEverything_PutsItBack()
    {
        var filter = new EscapeFilter();
        var output = new ArrayBufferWriter<byte>();
        filter.Write("\e[?1049h\e[2;5r\e[?6h\e[3g\e(0\e[?25l"u8, output);
        output.ResetWrittenCount();

        filter.Trace.Restore(output, 20);

        Encoding.ASCII.GetString(output.WrittenSpan).ShouldBe(
            "\e[0m\e[4l\e[?7h\e[?25h\e(B\e)B\e*B\e+B\x0f\e[?6l\e[r\e[9999;1H\e[?1049l\e[3g\e[9G\eH\e[17G\eH\r");
    }

    [Fact]
    public void Restore_AfterPlainText_TouchesLittle()
    {
        var filter = new EscapeFilter();
        var output = new ArrayBufferWriter<byte>();
        filter.Write("hello"u8, output);
        output.ResetWrittenCount();

        filter.Trace.Restore(output, 80);

        Encoding.ASCII.GetString(output.WrittenSpan).ShouldBe("\e[0m\e[4l\e[?7h\e[?25h");
    }

    private static string Output(string text)
    {
        byte[] input = Filtered.Bytes(text);
        byte[] output = Filtered.All(input);
        Filtered.Violations(output).ShouldBe("");
        for (int size = 1; size <= Math.Min(input.Length, 9); size++)
            Filtered.Pieces(input, size).ShouldBe(output, $"in pieces of {size}");
        return Encoding.Latin1.GetString(output);
    }
}
