using System.Collections.Concurrent;
using System.Security.Cryptography;
using Recorder.Wire;

namespace Recorder.Storage;

/// <summary>What one write stored.</summary>
/// <param name="Batches">Batches that were new.</param>
/// <param name="Frames">Their frames.</param>
/// <param name="Bytes">Size of the inserted rows, in bytes before compression.</param>
/// <param name="SessionsEnded">Sessions whose verdict was computed because they have ended.</param>
public readonly record struct WriteResult(int Batches, long Frames, long Bytes, IReadOnlyList<Guid> SessionsEnded);

/// <summary>
/// Writes verified batches to every table. Thread-safe. The order makes a crash at any point harmless: 1. batches that are
/// stored are left out, ones that contradict what is stored are refused; 2. frames and what is projected from them; 3. the
/// verdicts of sessions that have ended; 4. <c>batches</c>, which alone says what is durable. A crash before 4 leaves rows that
/// nobody was told of: the resend writes them again, and readers collapse frames by (epoch, seq, batch hash), the other
/// tables by their keys.
/// </summary>
public sealed class BatchWriter
{
    // Larger groups make larger parts; at this size the cost of an insert no longer depends on it.
    private const int GroupBytes = 8 << 20;
    private const int Spares = 4;

    private readonly ClickHouseClient _client;
    private readonly OriginLog _log;
    private readonly VerdictCalculator _verdicts;
    private readonly TimeProvider _time;
    private readonly ConcurrentBag<BatchRows> _spare = [];

    internal BatchWriter(ClickHouseClient client, OriginLog log, VerdictCalculator verdicts, TimeProvider time)
    {
        _client = client;
        _log = log;
        _verdicts = verdicts;
        _time = time;
    }

    /// <summary>
    /// Stores the batches, of one or several origins, and returns when they are durable. After a failure nothing may be
    /// acknowledged, and the same batches (in the same or another grouping) may be written again.
    /// </summary>
    /// <exception cref="StoreException">The store refused or is unavailable.</exception>
    /// <exception cref="BatchConflictException">A batch contradicts what is stored; nothing was written.</exception>
    /// <exception cref="MalformedBatchException">A frame's values aren't those of its type; its group was not written.</exception>
    public async Task<WriteResult> WriteAsync(IReadOnlyList<Batch> batches, CancellationToken cancellation)
    {
        List<Batch> missing = await _log.MissingAsync(batches, cancellation).ConfigureAwait(false);
        var ended = new List<Guid>();
        long frames = 0, bytes = 0;
        foreach (Batch[] group in Groups(missing))
        {
            // After a failure the buffers are left to the garbage collector: a request that was given up may still read them.
            if (!_spare.TryTake(out BatchRows? rows)) rows = new BatchRows();
            Encode(group, rows);
            ended.AddRange(await StoreAsync(group, rows, cancellation).ConfigureAwait(false));
            frames += rows.Frames;
            bytes += rows.Bytes;
            rows.Clear();
            if (_spare.Count < Spares) _spare.Add(rows);
            else rows.Dispose();
        }
        return new WriteResult(missing.Count, frames, bytes, ended);
    }

    private void Encode(Batch[] group, BatchRows rows)
    {
        long now = UnixTime.From(_time.GetUtcNow());
        foreach (Batch batch in group)
        {
            try
            {
                rows.Add(batch, now);
            }
            catch (WireFormatException failure)
            {
                throw new MalformedBatchException(batch, failure);
            }
        }
    }

    private async Task<IReadOnlyList<Guid>> StoreAsync(Batch[] group, BatchRows rows, CancellationToken cancellation)
    {
        string token = Token(group);
        await Task.WhenAll(rows.Projections.Where(table => table.Rows.Rows > 0)
            .Select(table => _client.InsertAsync(table.Into, table.Rows.Written, token, cancellation))).ConfigureAwait(false);
        Guid[] quiet = [.. rows.Subjects.Except(rows.Ended)];
        IReadOnlyList<Guid> before = await _verdicts.EndedAsync(quiet, cancellation).ConfigureAwait(false);
        IReadOnlyList<SessionVerdict> verdicts =
            await _verdicts.StoreAsync([.. rows.Ended, .. before], cancellation).ConfigureAwait(false);
        await _client.InsertAsync(rows.Batches.Into, rows.Batches.Rows.Written, token, cancellation).ConfigureAwait(false);
        return [.. verdicts.Select(verdict => verdict.Session)];
    }

    private static IEnumerable<Batch[]> Groups(List<Batch> batches)
    {
        var group = new List<Batch>();
        long size = 0;
        foreach (Batch batch in batches)
        {
            if (group.Count > 0 && size + batch.Bytes.Length > GroupBytes)
            {
                yield return [.. group];
                group.Clear();
                size = 0;
            }
            group.Add(batch);
            size += batch.Bytes.Length;
        }
        if (group.Count > 0) yield return [.. group];
    }

    // A batch's hash covers its origin, epoch, number and every byte of it.
    private static string Token(Batch[] group)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> digest = stackalloc byte[WireLimits.Hash];
        foreach (Batch batch in group)
        {
            batch.Hash.CopyTo(digest);
            hash.AppendData(digest);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
