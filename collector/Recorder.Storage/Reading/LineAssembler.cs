using System.Buffers;

namespace Recorder.Storage;

/// <summary>A line of a stream, or a piece of a very long one.</summary>
/// <param name="Offset">Where it begins in the stream.</param>
/// <param name="Bytes">Its bytes without the line's end.</param>
/// <param name="Times">When its bytes were recorded: from this place in <paramref name="Bytes"/> on, at that Unix time in nanoseconds.</param>
internal sealed record StreamLine(ulong Offset, ReadOnlyMemory<byte> Bytes, IReadOnlyList<(int At, long Time)> Times)
{
    public long TimeAt(int place)
    {
        long time = Times.Count > 0 ? Times[0].Time : 0;
        foreach (var (at, recorded) in Times)
        {
            if (at > place) break;
            time = recorded;
        }
        return time;
    }
}

/// <summary>
/// Joins chunks into lines. Missing bytes end a line, so that nothing matches across them. A line longer than <see cref="Longest"/> comes in
/// pieces that share <see cref="Overlap"/> bytes: a match that is not longer than that is whole in one of them.
/// </summary>
internal sealed class LineAssembler
{
    public const int Longest = 64 * 1024;
    public const int Overlap = 4 * 1024;

    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly List<(int At, long Time)> _times = [];
    private ulong _start;

    /// <summary>Takes a chunk and gives the lines that it completes.</summary>
    public IEnumerable<StreamLine> Add(StreamChunk chunk)
    {
        if (_line.WrittenCount > 0 && chunk.Offset != _start + (ulong)_line.WrittenCount && Finish() is { } cut) yield return cut;
        ReadOnlyMemory<byte> rest = chunk.Bytes;
        ulong offset = chunk.Offset;
        while (rest.Length > 0)
        {
            int end = rest.Span.IndexOf((byte)'\n');
            int room = Longest - _line.WrittenCount;
            int taken = Math.Min(end < 0 ? rest.Length : end, room);
            Append(rest.Span[..taken], offset, chunk.Time);
            bool complete = taken == end;
            if (complete) yield return Take(keep: 0);
            else if (_line.WrittenCount == Longest) yield return Take(keep: Overlap);
            int used = complete ? taken + 1 : taken;
            rest = rest[used..];
            offset += (ulong)used;
            if (complete) _start = offset;
        }
    }

    /// <summary>The line that has no end, if there is one.</summary>
    public StreamLine? Finish() => _line.WrittenCount > 0 ? Take(keep: 0) : null;

    private void Append(ReadOnlySpan<byte> bytes, ulong offset, long time)
    {
        if (_line.WrittenCount == 0) _start = offset;
        if (bytes.IsEmpty) return;
        _times.Add((_line.WrittenCount, time));
        _line.Write(bytes);
    }

    private StreamLine Take(int keep)
    {
        byte[] bytes = _line.WrittenSpan.ToArray();
        (int At, long Time)[] times = [.. _times];
        int cut = bytes.Length - keep;
        var line = new StreamLine(_start, keep == 0 ? bytes.AsMemory(0, bytes.AsSpan().TrimEnd((byte)'\r').Length) : bytes, times);
        _line.ResetWrittenCount();
        _times.Clear();
        _start += (ulong)cut;
        if (keep == 0) return line;
        _line.Write(bytes.AsSpan(cut));
        _times.Add((0, line.TimeAt(cut)));
        foreach (var (at, time) in times)
        {
            if (at > cut) _times.Add((at - cut, time));
        }
        return line;
    }
}
