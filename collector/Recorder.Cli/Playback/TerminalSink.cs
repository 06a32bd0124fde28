using System.Buffers;
using System.Text;
using Recorder.Cli.Api;
using Recorder.Cli.Output;
using Recorder.Cli.Terminal;

namespace Recorder.Cli.Playback;

/// <summary>
/// Shows frames on the terminal, everything captured through an <see cref="EscapeFilter"/>. Streams have a filter each, so that a sequence that one stream
/// began is never finished by another.
/// </summary>
/// <param name="output">The terminal, or where output goes without one.</param>
/// <param name="facts">What is known of it.</param>
/// <param name="note">Takes notices of missing bytes where there is no terminal: they never mix with the data.</param>
internal sealed class TerminalSink(Stream output, ScreenFacts facts, Action<string> note)
{
    private const int FlushAt = 32 * 1024;
    private const int DefaultColumns = 80;

    private readonly ArrayBufferWriter<byte> _pending = new(2 * FlushAt);
    private readonly Dictionary<string, EscapeFilter> _filters = [];
    private byte _lastByte = (byte)'\n';
    private bool _touched;

    /// <summary>Number of sequences that were not passed on since the start.</summary>
    public long Neutralised { get; private set; }

    public void Show(FrameLine frame)
    {
        if (frame.Type == FrameTypes.Data && frame.Data is { Length: > 0 } data)
            ShowData(frame.Stream ?? "out", data);
        else if (frame.Type == FrameTypes.Gap)
            ShowGap(frame);
        if (_pending.WrittenCount >= FlushAt)
            Flush();
    }

    /// <summary>Hands everything to the terminal. To be called before waiting.</summary>
    public void Flush()
    {
        if (_pending.WrittenCount == 0)
            return;
        _lastByte = _pending.WrittenSpan[^1];
        output.Write(_pending.WrittenSpan);
        _pending.ResetWrittenCount();
    }

    /// <summary>Clears the screen to play from the start again.</summary>
    public void StartOver()
    {
        Restore();
        if (facts.OutputColumns is not null)
            _pending.Write("\e[H\e[2J"u8);
        Flush();
    }

    /// <summary>Leaves the terminal as it was found, at the start of a line.</summary>
    public void Close()
    {
        foreach (EscapeFilter filter in _filters.Values)
            filter.Finish(_pending);
        Flush();
        bool unfinished = _lastByte != (byte)'\n';
        Restore();
        if (unfinished && facts.OutputColumns is not null)
            _pending.Write("\r\n"u8);
        Flush();
    }

    private void Restore()
    {
        if (_touched && facts.OutputColumns is not null)
        {
            foreach (EscapeFilter filter in _filters.Values)
                filter.Trace.Restore(_pending, facts.OutputColumns ?? DefaultColumns);
        }

        Neutralised += _filters.Values.Sum(filter => filter.Neutralised);
        _filters.Clear();
        _touched = false;
    }

    private void ShowData(string stream, byte[] data)
    {
        _touched = true;
        if (!_filters.TryGetValue(stream, out EscapeFilter? filter))
            _filters.Add(stream, filter = new EscapeFilter());
        bool colour = stream == "err" && facts.Colours;
        if (colour)
            _pending.Write("\e[31m"u8);
        if (facts.Unicode)
            filter.Write(data, _pending);
        else
            WriteAscii(filter, data);
        if (colour)
            _pending.Write("\e[39m"u8);
    }

    /// <summary>A terminal of another character set would see C1 controls in the bytes of UTF-8: every character becomes a question mark.</summary>
    private void WriteAscii(EscapeFilter filter, byte[] data)
    {
        var filtered = new ArrayBufferWriter<byte>(data.Length + 16);
        filter.Write(data, filtered);
        foreach (byte value in filtered.WrittenSpan)
        {
            if (value < 0x80)
                _pending.Write([value]);
            else if (value >= 0xC0)
                _pending.Write("?"u8);
        }
    }

    private void ShowGap(FrameLine gap)
    {
        string length = gap.Length is { } bytes ? Human.Count(bytes, "byte", "bytes") : "an unknown number of bytes";
        string text = CleanText.Of($"{length} of {gap.Stream} missing: {gap.Reason}", unicode: false);
        if (facts.OutputColumns is null)
        {
            note(text);
            return;
        }

        text = facts.Colours ? $"\e[7m[{text}]\e[27m" : $"[{text}]";
        _touched = true;
        if (!_filters.ContainsKey(gap.Stream ?? "out"))
            _filters.Add(gap.Stream ?? "out", new EscapeFilter());
        _pending.Write(Encoding.ASCII.GetBytes(text));
    }
}
