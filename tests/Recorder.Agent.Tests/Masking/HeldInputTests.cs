using System.Text;
using Recorder.Agent.Masking;

namespace Recorder.Agent.Tests.Masking;

public sealed class HeldInputTests
{
    private const ulong Millisecond = 1_000_000;

    private readonly EchoTrace _terminal = new();
    private ulong _now = 1000 * Millisecond;

    [Fact]
    public void Held_EchoWithColours_IsRecognised()
    {
        Type("ls", "\x1b[?25l\x1b[32ml\x1b[0m\x1b[32ms\x1b[0m\x1b]0;title\x07\x1b(B");
        _terminal.End().ShouldBe("ls");
    }

    [Fact]
    public void Held_EchoAfterTheWindow_IsMasked()
    {
        In("secret");
        Later(260);
        Out("secret");
        _terminal.End().ShouldBe("[6]");
    }

    [Fact]
    public void Held_EchoInPieces_IsRecognised()
    {
        In("kubectl get pods");
        foreach (var letter in "kubectl get pods")
        {
            Later(60);
            Out(letter.ToString());
        }

        _terminal.Now.ShouldBe("kubectl get pods");
    }

    [Fact]
    public void Held_EchoThatStopsHalfway_IsMasked()
    {
        In("kubectl get");
        Later(10);
        Out("kubec");
        Later(400);
        _terminal.AdvanceTo(_now);
        _terminal.Now.ShouldBe("[11]");
    }

    [Fact]
    public void Held_EchoComesThroughTheRingFirst_IsRecognised()
    {
        Type("a", "a");
        Out("b");
        Later(1);
        In("b");
        _terminal.Now.ShouldBe("ab");
    }

    [Fact]
    public void Held_PromptJustBeforeAutomatedInput_IsNotTakenForItsEcho()
    {
        Type("a\r", "a\r\n");
        Out("$ ");
        Later(1);
        In("id\r");
        Later(1);
        Out("id\r\n");
        _terminal.End().ShouldBe("a^Mid^M");
    }

    [Fact]
    public void Held_FastTypingSlowEcho_EachEchoIsUsedOnce()
    {
        foreach (var letter in "aab")
        {
            In(letter.ToString());
            Later(50);
        }

        Later(50);
        Out("a");
        Out("a");
        Later(400);
        _terminal.AdvanceTo(_now);
        _terminal.Now.ShouldBe("aa[1]");
    }

    [Fact]
    public void Held_PasswordsFirstLetterInAnswer_IsMasked()
    {
        foreach (var letter in "Wow")
        {
            In(letter.ToString());
            Later(90);
        }

        In("\r");
        Later(5);
        Out("\r\nWelcome");
        Later(500);
        _terminal.AdvanceTo(_now);
        _terminal.Now.ShouldBe("[3]^M");
    }

    [Fact]
    public void Held_CharacterOfOneByteEach_IsPutTogether()
    {
        foreach (var part in Encoding.UTF8.GetBytes("€"))
            _terminal.In(_now, [part]);
        Later(1);
        Out("€");
        _terminal.End().ShouldBe(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("€")));
    }

    [Fact]
    public void Held_KernelMaskedBehindRaw_KeepsTheOrder()
    {
        In("su");
        _terminal.In(_now, "pw\r"u8.ToArray(), "masked");
        _terminal.Now.ShouldBe("");
        Later(1);
        Out("su");
        _terminal.Now.ShouldBe("su[3]");
    }

    [Fact]
    public void Held_CookedBehindRaw_WaitsForIt()
    {
        In("ls\r");
        _terminal.In(_now, "cat\r"u8.ToArray(), "cooked");
        _terminal.Now.ShouldBe("");
        Later(1);
        Out("ls\r\n");
        _terminal.Now.ShouldBe("ls^Mcat^M");
    }

    [Fact]
    public void Held_MoreThanFits_MasksTheOldest()
    {
        var paste = new string('x', HeldInput.Capacity + 500);
        In(paste);
        _terminal.End().ShouldBe($"[{paste.Length}]");
    }

    [Fact]
    public void Held_LongPasteThatIsEchoed_IsKeptWhole()
    {
        var paste = string.Concat(Enumerable.Range(0, 500).Select(number => $"echo {number}; "));
        In(paste);
        for (var at = 0; at < paste.Length; at += 100)
        {
            Later(20);
            Out(paste[at..Math.Min(paste.Length, at + 100)]);
        }

        _terminal.End().ShouldBe(paste);
    }

    [Theory]
    [InlineData("\x1b[A", "^[[A")]
    [InlineData("\x1bOP", "^[OP")]
    [InlineData("\x1b[1;5C", "^[[1;5C")]
    [InlineData("\t", "^I")]
    [InlineData("\x1b[secret", "^[[s[5]")]
    [InlineData("\x1b" + "secret", "^[[6]")]
    [InlineData("\x1b[1234567890123456789012345678901234567890x", "^[[42]")]
    public void Held_ControlSequences_AreKeptAndNoMore(string input, string kept)
    {
        In(input);
        _terminal.End().ShouldBe(kept);
    }

    [Fact]
    public void Held_RandomTraffic_LeavesInItsOrderAndOnce()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var terminal = new EchoTrace();
            var now = 1000 * Millisecond;
            for (var at = 0; at < 500; at++)
            {
                now += (ulong)random.Next(100) * Millisecond;
                var bytes = new byte[random.Next(1, 60)];
                random.NextBytes(bytes);
                if (random.Next(2) == 0)
                    terminal.Out(now, bytes);
                else
                    terminal.In(now, bytes, random.Next(3) switch { 0 => "raw", 1 => "cooked", _ => "masked" });
            }

            terminal.End();
        }
    }

    private void Type(string keys, string echo)
    {
        In(keys);
        Later(2);
        Out(echo);
        Later(100);
    }

    private void In(string keys) => _terminal.In(_now, Encoding.UTF8.GetBytes(keys));

    private void Out(string text) => _terminal.Out(_now, Encoding.UTF8.GetBytes(text));

    private void Later(ulong milliseconds) => _now += milliseconds * Millisecond;
}
