using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Recorder.Wire;

namespace Recorder.Storage.Tests;

public sealed class DurabilityTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task KillNine_DuringWrites_KeepsWhatWasAcknowledgedOnce()
    {
        using var directory = new TemporaryDirectory();
        await using EmbeddedStore engine = Engine.Create(directory.Path);
        StoreOptions options = await engine.StartAsync(Cancellation);
        // No retries: what is not acknowledged is written again by the test, grouped otherwise, as a reconnected agent's would be.
        await using RecorderStore store = await RecorderStore.OpenAsync(options with { Retries = 0 }, Cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Writer[] writers = [.. Enumerable.Range(0, 3).Select(_ => new Writer(store))];
        Task[] writing = [.. writers.Select(writer => writer.RunAsync(stop.Token))];
        for (int kill = 0; kill < 6; kill++)
        {
            await Task.Delay(150 + (kill * 67), Cancellation);
            await KillAsync(engine, kill);
        }
        await stop.CancelAsync();
        await Task.WhenAll(writing);
        writers.Sum(writer => writer.Failures).ShouldBeGreaterThan(0);
        await using RecorderStore after = await RecorderStore.OpenAsync(options, Cancellation);
        foreach (Writer writer in writers) await writer.CheckAsync(after);
    }

    [Fact]
    public async Task FullDisk_RefusesWritesAndRecovers()
    {
        if (Environment.UserName != "root") Assert.Skip("needs root to mount a tmpfs");
        using var directory = new TemporaryDirectory();
        using var disk = Tmpfs.Mount(directory.Path, "96m");
        await using EmbeddedStore engine = Engine.Create(directory.Path);
        StoreOptions options = await engine.StartAsync(Cancellation);
        await using RecorderStore store = await RecorderStore.OpenAsync(options with { Retries = 1 }, Cancellation);
        string ballast = Path.Combine(directory.Path, "ballast");
        disk.Fill(ballast, leave: 6 << 20);
        var node = new NodeLog();
        Guid id = Guid.CreateVersion7();
        ulong offset = 0;
        StoreException? failure = null;
        Batch? refused = null;
        for (int i = 0; i < 40 && failure is null; i++)
        {
            byte[] bytes = RandomNumberGenerator.GetBytes(WireLimits.Data);
            refused = node.Data(id, StreamId.Out, offset, bytes).Cut();
            try
            {
                await store.Writer.WriteAsync([refused], Cancellation);
                offset += (ulong)bytes.Length;
            }
            catch (StoreException e)
            {
                failure = e;
            }
        }
        failure.ShouldNotBeNull().Error.ShouldBe(StoreError.OutOfDisk, failure.Message);
        File.Delete(ballast);
        await using RecorderStore again = await RecorderStore.OpenAsync(options, Cancellation);
        await again.Writer.WriteAsync([refused!], Cancellation);
        StreamMap map = (await again.Sessions.StreamMapAsync(id, 1, Cancellation)).ShouldNotBeNull();
        map.Bytes.ShouldBe(offset + WireLimits.Data);
        (map.Gaps.Count, map.Overlaps).ShouldBe((0, 0UL));
    }

    [Fact]
    public async Task Start_OnAFullDisk_SaysSo()
    {
        if (Environment.UserName != "root") Assert.Skip("needs root to mount a tmpfs");
        using var directory = new TemporaryDirectory();
        using var disk = Tmpfs.Mount(directory.Path, "1m");
        disk.Fill(Path.Combine(directory.Path, "ballast"), leave: 0);
        await using var engine = new EmbeddedStore(Engine.Options(directory.Path), NullLogger<EmbeddedStore>.Instance);
        var failure = await Should.ThrowAsync<StoreException>(() => engine.StartAsync(Cancellation));
        failure.Error.ShouldBe(StoreError.OutOfDisk, failure.Message);
    }

    private static async Task KillAsync(EmbeddedStore engine, int before)
    {
        using (Process child = Process.GetProcessById(engine.ProcessId)) child.Kill();
        while (engine.Restarts <= before) await Task.Delay(20, Cancellation);
        using var client = new ClickHouseClient(engine.WriterOptions with { Retries = 100, RetryDelay = TimeSpan.FromMilliseconds(20) });
        await client.ExecuteAsync("SELECT 1", null, inDatabase: false, Cancellation);
    }

    /// <summary>Writes a session's batches one or a few at a time, and again what was not acknowledged.</summary>
    private sealed class Writer(RecorderStore store)
    {
        private readonly NodeLog _node = new();
        private readonly Guid _id = Guid.CreateVersion7();
        private readonly List<Batch> _waiting = [];
        private readonly IncrementalHash _acknowledged = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly Queue<byte[]> _bytes = new();
        private ulong _offset;
        private ulong _lastSeq;

        public int Failures { get; private set; }

        public async Task RunAsync(CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                while (_waiting.Count < 4) Cut();
                int count = Math.Min(_waiting.Count, 1 + ((Failures + (int)_offset) % 4));
                if (await TryAsync(count)) Acknowledge(count);
                else await Task.Delay(20, CancellationToken.None);
            }
        }

        public async Task CheckAsync(RecorderStore after)
        {
            // The rest as the reconnected agent sends it; before that the head must be ours or further (stored, but not acknowledged).
            EpochHead head = await after.Origins.ResumeAsync(_node.Origin, _node.Epoch, Cancellation);
            head.Seq.ShouldBeGreaterThanOrEqualTo(_lastSeq);
            await after.Writer.WriteAsync(_waiting, Cancellation);
            Acknowledge(_waiting.Count);
            StreamMap map = (await after.Sessions.StreamMapAsync(_id, 1, Cancellation)).ShouldNotBeNull();
            (map.Bytes, map.Gaps.Count, map.Overlaps).ShouldBe((_offset, 0, 0UL));
            using var hash = new HashingStream();
            (await after.Sessions.StreamAsync(_id, 1, 0, null, GapMode.Skip, hash, Cancellation)).ShouldBe(_offset);
            hash.Finish().ShouldBe(_acknowledged.GetHashAndReset());
        }

        private void Cut()
        {
            byte[] bytes = RandomNumberGenerator.GetBytes(2000);
            for (int i = 0; i < 10; i++) _node.Data(_id, StreamId.Out, _offset + (ulong)(i * 200), bytes[(i * 200)..((i + 1) * 200)]);
            _offset += 2000;
            _bytes.Enqueue(bytes);
            _waiting.Add(_node.Cut());
        }

        private async Task<bool> TryAsync(int count)
        {
            try
            {
                await store.Writer.WriteAsync(_waiting[..count], Cancellation);
                return true;
            }
            catch (StoreException failure) when (failure.IsTransient)
            {
                Failures++;
                return false;
            }
        }

        private void Acknowledge(int count)
        {
            for (int i = 0; i < count; i++) _acknowledged.AppendData(_bytes.Dequeue());
            if (count > 0) _lastSeq = _waiting[count - 1].Header.LastSeq;
            _waiting.RemoveRange(0, count);
        }
    }
}
