using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Recorder.Collector.Tests.Fixtures;

namespace Recorder.Collector.Tests.EndToEnd;

public sealed class ProxyTests(RunningCollector running) : IClassFixture<RunningCollector>
{
    private const string Query = "/?query=SELECT%20count()%20FROM%20recorder.sessions%20FORMAT%20TSV";

    [Fact]
    public async Task Reader_InEachForm_IsLetIn()
    {
        string password = running.ReaderPassword;
        (await AskAsync(Query, request => request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("reader:" + password))))).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(Query, request =>
        {
            request.Headers.Add("X-ClickHouse-User", "reader");
            request.Headers.Add("X-ClickHouse-Key", password);
        })).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync($"{Query}&user=reader&password={password}", _ => { })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Query_InTheBody_IsForwarded()
    {
        var (status, text) = await AskAsync($"/?user=reader&password={running.ReaderPassword}", request =>
        {
            request.Method = HttpMethod.Post;
            request.Content = new StringContent("SELECT number FROM numbers(3) FORMAT TSV");
        });
        status.ShouldBe(HttpStatusCode.OK);
        text.ShouldBe("0\n1\n2\n");
    }

    [Fact]
    public async Task Anybody_Else_IsRefused()
    {
        (await AskAsync(Query, _ => { })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await AskAsync(Query + "&user=reader&password=wrong", _ => { })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await AskAsync(Query + "&user=default", _ => { })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await AskAsync("/nowhere", _ => { })).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("DROP TABLE recorder.sessions")]
    [InlineData("SELECT * FROM file('/etc/passwd', 'LineAsString')")]
    [InlineData("SYSTEM SHUTDOWN")]
    public async Task Reader_MayOnlyRead(string query)
    {
        var (status, _) = await AskAsync($"/?user=reader&password={running.ReaderPassword}&query={Uri.EscapeDataString(query)}", request => request.Method = HttpMethod.Post);
        status.ShouldNotBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task MalformedBytes_DoNotReachTheEngine()
    {
        foreach (byte[] garbage in new[] { "garbage\r\n\r\n\0\u00ff"u8.ToArray(), [0x16, 3, 1, 2, 0, 1], "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"u8.ToArray() })
        {
            using var client = new TcpClient();
            await client.ConnectAsync(running.Collector.ClickHouse!.Host, running.Collector.ClickHouse.Port, AgentConnection.Cancellation);
            await client.GetStream().WriteAsync(garbage, AgentConnection.Cancellation);
        }

        (await AskAsync($"{Query}&user=reader&password={running.ReaderPassword}", _ => { })).Status.ShouldBe(HttpStatusCode.OK);
        running.Collector.Output.ShouldNotContain("ended by itself");
    }

    private async Task<(HttpStatusCode Status, string Text)> AskAsync(string path, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(running.Collector.ClickHouse!, path));
        change(request);
        using var answer = await running.Http.SendAsync(request, AgentConnection.Cancellation);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(AgentConnection.Cancellation));
    }
}
