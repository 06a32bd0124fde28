using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Recorder.Collector.Tests.Fixtures;
using Recorder.Wire;

namespace Recorder.Collector.Tests.EndToEnd;

public sealed class StreamTests(RunningCollector running) : IClassFixture<RunningCollector>
{
    [Fact]
    public async Task Stream_WithoutGaps_ComesBackByteForByte()
    {
        var id = Guid.CreateVersion7();
        byte[] bytes = RandomNumberGenerator.GetBytes(3_000_000);
        using var node = new SimulatedNode();
        node.Session(id);
        for (int offset = 0; offset < bytes.Length; offset += 200_000) node.Data(id, StreamId.Out, (ulong)offset, bytes[offset..Math.Min(offset + 200_000, bytes.Length)]);
        await running.StoreAsync(node.StreamEnd(id, StreamId.Out, (ulong)bytes.Length));

        using var answer = await GetAsync($"/api/v1/sessions/{id}/streams/out");
        byte[] read = await answer.Content.ReadAsByteArrayAsync(AgentConnection.Cancellation);

        SHA256.HashData(read).ShouldBe(SHA256.HashData(bytes));
        answer.Content.Headers.ContentLength.ShouldBe(bytes.Length);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
        Header(answer, "X-Recorder-Gaps").ShouldBe("0");

        using var part = await GetAsync($"/api/v1/sessions/{id}/streams/out", new RangeHeaderValue(199_990, 200_009));
        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        part.Content.Headers.ContentRange!.ToString().ShouldBe($"bytes 199990-200009/{bytes.Length}");
        (await part.Content.ReadAsByteArrayAsync(AgentConnection.Cancellation)).ShouldBe(bytes[199_990..200_010]);

        using var tail = await GetAsync($"/api/v1/sessions/{id}/streams/out", new RangeHeaderValue(null, 7));
        (await tail.Content.ReadAsByteArrayAsync(AgentConnection.Cancellation)).ShouldBe(bytes[^7..]);

        using var beyond = await GetAsync($"/api/v1/sessions/{id}/streams/out", new RangeHeaderValue(bytes.Length, null));
        beyond.StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        beyond.Content.Headers.ContentRange!.ToString().ShouldBe($"bytes */{bytes.Length}");
    }

    [Fact]
    public async Task Stream_WithGaps_IsServedAsAskedFor()
    {
        var id = Guid.CreateVersion7();
        using var node = new SimulatedNode();
        await running.StoreAsync(node.Session(id).Data(id, StreamId.Out, 0, "ab").Gap(id, StreamId.Out, 2, 3).Data(id, StreamId.Out, 5, "cd").Gap(id, StreamId.Out, 7, null).StreamEnd(id, StreamId.Out, 7));

        using var skipped = await GetAsync($"/api/v1/sessions/{id}/streams/out");
        (await skipped.Content.ReadAsByteArrayAsync(AgentConnection.Cancellation)).ShouldBe("abcd"u8.ToArray());
        Header(skipped, "X-Recorder-Gaps").ShouldBe("2");
        Header(skipped, "X-Recorder-Gap-Bytes").ShouldBe("3");

        using var zeroed = await GetAsync($"/api/v1/sessions/{id}/streams/out?gaps=zero");
        (await zeroed.Content.ReadAsByteArrayAsync(AgentConnection.Cancellation)).ShouldBe("ab\0\0\0cd"u8.ToArray());

        using var range = await GetAsync($"/api/v1/sessions/{id}/streams/out?gaps=zero", new RangeHeaderValue(1, 5));
        (await range.Content.ReadAsByteArrayAsync(AgentConnection.Cancellation)).ShouldBe("b\0\0\0c"u8.ToArray());

        using var refused = await GetAsync($"/api/v1/sessions/{id}/streams/out?gaps=fail");
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        using var unranged = await GetAsync($"/api/v1/sessions/{id}/streams/out", new RangeHeaderValue(1, 5));
        unranged.StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
    }

    [Fact]
    public async Task Stream_OfTheSessionWithNothingInIt_IsEmpty_AndAnotherIsNotFound()
    {
        var id = Guid.CreateVersion7();
        using var node = new SimulatedNode();
        await running.StoreAsync(node.Session(id));
        using var empty = await GetAsync($"/api/v1/sessions/{id}/streams/err");
        (await empty.Content.ReadAsByteArrayAsync(AgentConnection.Cancellation)).ShouldBeEmpty();
        using var missing = await GetAsync($"/api/v1/sessions/{id}/streams/in");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();

    private async Task<HttpResponseMessage> GetAsync(string path, RangeHeaderValue? range = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Range = range } };
        return await running.Http.SendAsync(request, AgentConnection.Cancellation);
    }
}
