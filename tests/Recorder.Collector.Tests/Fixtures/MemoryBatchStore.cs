using Recorder.Collector.Ingest;
using Recorder.Storage;
using Recorder.Wire;

namespace Recorder.Collector.Tests.Fixtures;

/// <summary>A store for faults that the real engine can't be made to have on demand.</summary>
internal sealed class MemoryBatchStore : IBatchStore
{
    private readonly Lock _gate = new();
    private readonly List<Batch> _stored = [];
    private TaskCompletionSource? _blocked;

    /// <summary>What every call fails with, or null.</summary>
    public Exception? Failure { get; set; }

    /// <summary>A write that holds a batch of this origin fails with this.</summary>
    public (Guid Origin, Exception Failure)? Poison { get; set; }

    /// <summary>Writes are stored, and yet fail, so many times: the answer got lost.</summary>
    public int LoseAnswers { get; set; }

    public int Writes { get; private set; }

    public int WritesTried { get; private set; }

    public IReadOnlyList<Batch> Stored
    {
        get
        {
            lock (_gate) return _stored.ToArray();
        }
    }

    public void Block() => _blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Unblock()
    {
        _blocked?.SetResult();
        _blocked = null;
    }

    public Task<EpochHead> OpenEpochAsync(Hello hello, CancellationToken cancellation)
    {
        Check();
        var last = Stored.Where(batch => batch.Header.Origin == hello.Origin.Id && batch.Header.Epoch == hello.Epoch).MaxBy(batch => batch.Header.LastSeq);
        return Task.FromResult(last is null ? new EpochHead(0, 0, default) : new EpochHead(last.Header.LastSeq, last.Header.Number + 1, last.Hash));
    }

    public Task<BatchStanding> ClassifyAsync(Batch batch, CancellationToken cancellation)
    {
        Check();
        var same = Stored.FirstOrDefault(stored => stored.Header.Origin == batch.Header.Origin && stored.Header.Epoch == batch.Header.Epoch && stored.Header.Number == batch.Header.Number);
        return Task.FromResult(same is null ? BatchStanding.New : same.Hash == batch.Hash ? BatchStanding.Stored : BatchStanding.Conflict);
    }

    public Task<IReadOnlyList<Storage.SubjectHead>> HeadsAsync(IReadOnlyList<Guid> subjects, CancellationToken cancellation)
    {
        Check();
        var known = Stored.SelectMany(batch => batch.Sections).Select(section => section.Subject).ToHashSet();
        return Task.FromResult<IReadOnlyList<Storage.SubjectHead>>(
            subjects.Where(known.Contains).Select(subject => new Storage.SubjectHead(subject, 1, [new Storage.StreamHead(1, 42)])).ToArray());
    }

    public async Task WriteAsync(IReadOnlyList<ReceivedBatch> batches, CancellationToken cancellation)
    {
        WritesTried++;
        if (_blocked is { } blocked) await blocked.Task.WaitAsync(cancellation);
        Check();
        if (Poison is { } poison && batches.Any(batch => batch.Batch.Header.Origin == poison.Origin)) throw poison.Failure;
        lock (_gate)
        {
            // The memory of a batch is only lent: what is kept is a copy.
            foreach (var batch in batches)
            {
                if (_stored.All(stored => stored.Hash != batch.Batch.Hash)) _stored.Add(Batch.Read(batch.Bytes.ToArray()));
            }
        }

        if (LoseAnswers > 0)
        {
            LoseAnswers--;
            throw new StoreException(StoreError.Unavailable, "the answer got lost", transient: true);
        }

        Writes++;
    }

    private void Check()
    {
        if (Failure is { } failure) throw failure;
    }
}
