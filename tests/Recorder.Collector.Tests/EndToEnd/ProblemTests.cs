using System.Net;
using System.Text.Json;
using Recorder.Collector.Tests.Fixtures;

namespace Recorder.Collector.Tests.EndToEnd;

public sealed class ProblemTests(RunningCollector running) : IClassFixture<RunningCollector>
{
    private const string Nobody = "/api/v1/sessions/01900000-0000-7000-8000-000000000000";

    [Theory]
    [InlineData("/api/v1/sessions?limit=0", "limit")]
    [InlineData("/api/v1/sessions?limit=1001", "limit")]
    [InlineData("/api/v1/sessions?limit=ten", "limit")]
    [InlineData("/api/v1/sessions?limit=", "limit")]
    [InlineData("/api/v1/sessions?kind=foo", "kind")]
    [InlineData("/api/v1/sessions?verdict=complete", "verdict")]
    [InlineData("/api/v1/sessions?state=x", "state")]
    [InlineData("/api/v1/sessions?since=yesterday", "since")]
    [InlineData("/api/v1/sessions?since=1h&until=2h", "until")]
    [InlineData("/api/v1/sessions?pod=a&pod=b", "pod")]
    [InlineData("/api/v1/sessions?pod=%00", "pod")]
    [InlineData("/api/v1/sessions?cursor=%27%3B--", "cursor")]
    [InlineData("/api/v1/sessions?nonsense=1", "nonsense")]
    [InlineData("/api/v1/origins?x=1", "x")]
    [InlineData("/api/v1/sessions/not-a-uuid", "id")]
    [InlineData("/api/v1/sessions/not-a-uuid/frames", "id")]
    [InlineData(Nobody + "?x=1", "x")]
    [InlineData(Nobody + "/frames?types=data,foo", "types")]
    [InlineData(Nobody + "/frames?streams=tty", "streams")]
    [InlineData(Nobody + "/frames?from=-1", "from")]
    [InlineData(Nobody + "/frames?from=2&to=1", "to")]
    [InlineData(Nobody + "/frames?follow=yes", "follow")]
    [InlineData(Nobody + "/streams/tty", "stream")]
    [InlineData(Nobody + "/streams/out?gaps=maybe", "gaps")]
    [InlineData("/api/v1/search", "pattern")]
    [InlineData("/api/v1/search?pattern=%28", "pattern")]
    [InlineData("/api/v1/search?pattern=x&stream=tty", "stream")]
    [InlineData("/api/v1/search?pattern=x&limit=0", "limit")]
    [InlineData("/api/v1/search?pattern=x&fixed=1", "fixed")]
    public async Task Parameter_NotAllowed_IsNamedWithWhatIs(string path, string parameter)
    {
        var problem = await ProblemAsync(path, HttpStatusCode.BadRequest);
        problem.GetProperty("parameter").GetString().ShouldBe(parameter);
        problem.GetProperty("detail").GetString()!.ShouldContain(parameter);
    }

    [Theory]
    [InlineData(Nobody)]
    [InlineData(Nobody + "/processes")]
    [InlineData(Nobody + "/connections")]
    [InlineData(Nobody + "/frames")]
    [InlineData(Nobody + "/streams/out")]
    [InlineData("/api/v2")]
    [InlineData("/favicon.ico")]
    public async Task Unknown_IsNotFound(string path)
    {
        var problem = await ProblemAsync(path, HttpStatusCode.NotFound);
        problem.GetProperty("title").GetString().ShouldBe("Not found");
    }

    [Fact]
    public async Task Method_OtherThanGet_IsRefused()
    {
        using var answer = await running.Http.PostAsync(new Uri("/api/v1/sessions", UriKind.Relative), null, AgentConnection.Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Accept_OfSomethingElse_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Nobody + "/frames") { Headers = { { "Accept", "image/png" } } };
        using var answer = await running.Http.SendAsync(request, AgentConnection.Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotAcceptable);
    }

    [Theory]
    [InlineData("evil.example", false)]
    [InlineData("127.0.0.1.evil.example:80", false)]
    [InlineData("localhost", true)]
    [InlineData("[::1]:8470", true)]
    public async Task Host_OfSomebodyElse_IsRefused(string host, bool allowed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/sessions") { Headers = { Host = host } };
        using var answer = await running.Http.SendAsync(request, AgentConnection.Cancellation);
        answer.StatusCode.ShouldBe(allowed ? HttpStatusCode.OK : HttpStatusCode.MisdirectedRequest);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/metrics")]
    [InlineData("/api/v1/sessions")]
    [InlineData("/nowhere")]
    public async Task Answer_OfAnyKind_CarriesTheSecurityHeaders(string path)
    {
        using var answer = await running.Http.GetAsync(new Uri(path, UriKind.Relative), AgentConnection.Cancellation);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'");
        answer.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    private async Task<JsonElement> ProblemAsync(string path, HttpStatusCode status)
    {
        using var answer = await running.Http.GetAsync(new Uri(path, UriKind.Relative), AgentConnection.Cancellation);
        string text = await answer.Content.ReadAsStringAsync(AgentConnection.Cancellation);
        answer.StatusCode.ShouldBe(status, text);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = JsonDocument.Parse(text).RootElement;
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        problem.GetProperty("type").GetString().ShouldNotBeNullOrEmpty();
        return problem;
    }
}
