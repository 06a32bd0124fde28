using Recorder.Collector.Ingest;

namespace Recorder.Collector.Tests.Ingest;

public sealed class MemoryBudgetTests
{
    [Fact]
    public async Task Acquire_BeyondTheTotal_WaitsForARelease_InOrder()
    {
        var budget = new MemoryBudget(100);
        (await budget.AcquireAsync(80, default)).ShouldBe(80);
        var large = budget.AcquireAsync(50, default).AsTask();
        var small = budget.AcquireAsync(10, default).AsTask();
        large.IsCompleted.ShouldBeFalse();
        small.IsCompleted.ShouldBeFalse();
        budget.Release(80);
        await large;
        await small;
        budget.Held.ShouldBe(60);
    }

    [Fact]
    public async Task Acquire_OfMoreThanThereIs_TakesAll()
    {
        var budget = new MemoryBudget(100);
        (await budget.AcquireAsync(1000, default)).ShouldBe(100);
        budget.Release(100);
        budget.Held.ShouldBe(0);
    }

    [Fact]
    public async Task Cancelled_Waiter_LetsTheNextGo()
    {
        var budget = new MemoryBudget(100);
        await budget.AcquireAsync(90, default);
        using var cancellation = new CancellationTokenSource();
        var large = budget.AcquireAsync(50, cancellation.Token).AsTask();
        var small = budget.AcquireAsync(10, default).AsTask();
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(large);
        await small;
        budget.Held.ShouldBe(100);
    }
}
