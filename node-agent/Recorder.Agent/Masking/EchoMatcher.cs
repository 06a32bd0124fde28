namespace Recorder.Agent.Masking;

/// <summary>Whether a piece of text was echoed.</summary>
internal enum Echo
{
    /// <summary>Not yet known.</summary>
    Waiting,

    /// <summary>The terminal printed it.</summary>
    Echoed,

    /// <summary>It printed something else, or nothing in time.</summary>
    Silent,
}

/// <summary>
/// Tells whether text that was typed into a terminal in raw mode was printed by it. A program that reads without the kernel's line
/// discipline turns echo off for everything, so its own echo is the only sign that what was typed may be seen.
/// <list type="number">
/// <item>Only output of the input's time and later counts, and none that was the echo of earlier input. A writer may be scheduled out
/// before its call returns and is stamped, so output of the last <see cref="Slack"/> counts too.</item>
/// <item>Up to <see cref="ShortText"/> characters must be the very first that is printed, before any line feed: among more output some of
/// the letters of a password stand by chance.</item>
/// <item>Longer text may come after other output, and be divided by line feeds where it wraps.</item>
/// <item>All of it must be printed within <see cref="Window"/> of event time, which starts again while the beginning of the text stands
/// at the end of the output, up to <see cref="LongestWait"/>.</item>
/// </list>
/// In doubt it is silent: what is masked by mistake is a marked gap, what is kept by mistake is a leaked password.
/// </summary>
internal sealed class EchoMatcher
{
    /// <summary>Nanoseconds.</summary>
    public const ulong Window = 250_000_000;

    /// <summary>Nanoseconds.</summary>
    public const ulong LongestWait = 2_000_000_000;

    /// <summary>Nanoseconds.</summary>
    public const ulong Slack = 20_000_000;

    /// <summary>Characters.</summary>
    public const int ShortText = 3;

    private readonly PrintableOutput _output = new();
    private long _consumed;
    private ulong _echoed;

    /// <summary>Adds output of the terminal, of which only the last <paramref name="most"/> bytes matter.</summary>
    public void Output(ulong time, ReadOnlySpan<byte> bytes, int most) => _output.Append(time, bytes, most);

    /// <summary>Judges the oldest undecided text; echoed output is used up. <paramref name="now"/> is event time.</summary>
    public Echo Judge(ReadOnlySpan<byte> text, ulong time, ulong now)
    {
        // What was taken back since can't be used up any more.
        _consumed = Math.Min(_consumed, _output.End);
        var early = time - Math.Min(time, Slack);
        var isShort = InputText.Characters(text) <= ShortText;
        var result = isShort ? MatchFirst(text, early, time, out var end) : MatchAnywhere(text, early, out end);
        if (result == Echo.Echoed)
        {
            _consumed = end;
            _echoed = _output.Time;
        }

        return result == Echo.Waiting && now > Deadline(text, time, early) ? Echo.Silent : result;
    }

    /// <summary>When text that has not been echoed becomes silent, if nothing more is printed.</summary>
    private ulong Deadline(ReadOnlySpan<byte> text, ulong time, ulong early)
    {
        var from = Math.Max(time, Math.Min(_echoed, time + LongestWait));
        if (EndsWithStartOf(_output.From(Math.Max(_consumed, _output.PositionAt(early))), text))
            from = Math.Max(from, _output.Time);
        return Math.Min(from + Window, time + LongestWait);
    }

    /// <summary>
    /// The text must be the first that is printed since its time. What each of the last writes before that printed is looked at as well, for
    /// a record that came late.
    /// </summary>
    private Echo MatchFirst(ReadOnlySpan<byte> text, ulong early, ulong time, out long end)
    {
        end = 0;
        var begun = false;
        for (var position = _output.PositionAt(early); position < _output.PositionAt(time); position = _output.NextWrite(position))
        {
            var start = Math.Max(position, _consumed);
            var common = _output.From(start).CommonPrefixLength(text);
            end = start + text.Length;
            if (common == text.Length)
                return Echo.Echoed;
            begun |= common > 0 && start + common == _output.End;
        }

        var first = Math.Max(_consumed, _output.PositionAt(time));
        var printed = _output.From(first);
        var same = printed.CommonPrefixLength(text);
        end = first + text.Length;
        if (same == text.Length)
            return Echo.Echoed;
        return begun || same == printed.Length ? Echo.Waiting : Echo.Silent;
    }

    private Echo MatchAnywhere(ReadOnlySpan<byte> text, ulong early, out long end)
    {
        var start = Math.Max(Math.Max(_consumed, _output.PositionAt(early)), _output.Start);
        var printed = _output.From(start);
        for (var at = 0; at < printed.Length; at++)
        {
            if (printed[at] == text[0] && MatchAt(printed[at..], text, out var used) == text.Length)
            {
                end = start + at + used;
                return Echo.Echoed;
            }
        }

        end = start;
        return Echo.Waiting;
    }

    /// <summary>How many bytes of the text stand at the start of what was printed, line feeds left out.</summary>
    private static int MatchAt(ReadOnlySpan<byte> printed, ReadOnlySpan<byte> text, out int used)
    {
        var matched = 0;
        for (used = 0; used < printed.Length && matched < text.Length; used++)
        {
            if (printed[used] == text[matched])
                matched++;
            else if (printed[used] != '\n')
                break;
        }

        return matched;
    }

    private static bool EndsWithStartOf(ReadOnlySpan<byte> printed, ReadOnlySpan<byte> text)
    {
        for (var at = Math.Max(0, printed.Length - (2 * text.Length)); at < printed.Length; at++)
        {
            if (printed[at] == text[0] && MatchAt(printed[at..], text, out var used) > 0 && used == printed.Length - at)
                return true;
        }

        return false;
    }
}
