namespace Recorder.Storage;

/// <summary>Writes a stream's bytes to an output.</summary>
internal sealed class StreamCopy(StreamReading reading)
{
    private static readonly ReadOnlyMemory<byte> Zeros = new byte[64 * 1024];

    public async Task<ulong> CopyAsync(
        Guid session, byte stream, ulong from, ulong? to, GapMode gaps, Stream output, CancellationToken cancellation)
    {
        ulong end = to ?? await reading.EndAsync(session, stream, cancellation).ConfigureAwait(false);
        ulong reached = from, written = 0;
        await foreach (StreamChunk chunk in reading.ChunksAsync(session, stream, from, end, cancellation).ConfigureAwait(false))
        {
            if (gaps == GapMode.Zero) written += await FillAsync(output, chunk.Offset - reached, cancellation).ConfigureAwait(false);
            await output.WriteAsync(chunk.Bytes, cancellation).ConfigureAwait(false);
            written += (ulong)chunk.Bytes.Length;
            reached = chunk.End;
        }
        if (gaps == GapMode.Zero && end > reached) written += await FillAsync(output, end - reached, cancellation).ConfigureAwait(false);
        return written;
    }

    private static async Task<ulong> FillAsync(Stream output, ulong count, CancellationToken cancellation)
    {
        for (ulong left = count; left > 0;)
        {
            int part = (int)Math.Min(left, (ulong)Zeros.Length);
            await output.WriteAsync(Zeros[..part], cancellation).ConfigureAwait(false);
            left -= (ulong)part;
        }
        return count;
    }
}
