using System.Buffers;
using System.IO.Pipelines;

namespace Recorder.Cli.Api;

/// <summary>Reads lines of JSON from a response without holding more than one of them.</summary>
internal sealed class LineReader(Stream body) : IAsyncDisposable
{
    /// <summary>A frame is at most 1 MiB (FORMAT.md); base64 and escapes make it longer.</summary>
    internal const int LongestLine = 8 << 20;

    private static readonly StreamPipeReaderOptions Options = new(bufferSize: 64 * 1024, minimumReadSize: 4096);

    private readonly PipeReader _pipe = PipeReader.Create(body, Options);

    /// <summary>The next line that is not empty, null at the end.</summary>
    /// <exception cref="InvalidDataException">The line is too long or the body ends within it.</exception>
    public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult result = await _pipe.ReadAsync(cancellation);
            ReadOnlySequence<byte> buffer = result.Buffer;
            SequencePosition? end = buffer.PositionOf((byte)'\n');
            if (end is null)
            {
                Guard(buffer, result.IsCompleted);
                if (result.IsCompleted)
                    return null;
                _pipe.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            byte[] line = buffer.Slice(0, end.Value).ToArray();
            _pipe.AdvanceTo(buffer.GetPosition(1, end.Value));
            if (line.AsSpan().Trim(" \r\t"u8).Length > 0)
                return line;
        }
    }

    public ValueTask DisposeAsync() => _pipe.CompleteAsync();

    private static void Guard(ReadOnlySequence<byte> buffer, bool completed)
    {
        if (buffer.Length > LongestLine)
            throw new InvalidDataException($"a line is longer than {LongestLine} bytes");
        if (completed && buffer.Length > 0)
            throw new InvalidDataException("the answer ends in the middle of a line");
    }
}
