using System.Text;
using Recorder.Wire;

namespace Recorder.Storage.Tests;

public sealed class SearchTests(StoreFixture fixture) : StoreTests(fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Search_MatchAcrossFrames_IsFoundWithItsLine()
    {
        Guid id = Guid.CreateVersion7();
        var node = new NodeLog().Session(id);
        string text = "first line\r\nthe secret word\r\nlast";
        for (int i = 0; i < text.Length; i++) node.Data(id, StreamId.Out, (ulong)i, text[i].ToString());
        await WriteAsync(node);
        SearchHit hit = (await SearchAsync(id, new SearchQuery { Pattern = "s[a-z]+et" })).ShouldHaveSingleItem();
        Encoding.UTF8.GetString(hit.Line.Span).ShouldBe("the secret word");
        (hit.Offset, hit.MatchStart, hit.MatchLength, hit.Stream).ShouldBe(((ulong)text.IndexOf("secret", StringComparison.Ordinal), 4, 6, (byte)1));
        (await SearchAsync(id, new SearchQuery { Pattern = "secret", Fixed = true })).ShouldHaveSingleItem().Offset.ShouldBe(hit.Offset);
    }

    [Theory]
    [InlineData("SECRET", true, true, 1)]
    [InlineData("SECRET", true, false, 0)]
    [InlineData("(?i)SeCrEt$", false, false, 1)]
    [InlineData(@"\bsecret\b", false, false, 1)]
    [InlineData("^a.*c", false, false, 1)]
    [InlineData("[[:digit:]]{3}", false, false, 1)]
    [InlineData("a|b", false, false, 2)]
    [InlineData("a+b(c)", true, false, 1)]
    [InlineData(@"x\Ey", true, false, 1)]
    [InlineData("ünï", true, true, 1)]
    [InlineData("' OR 1=1 --", true, false, 1)]
    [InlineData("absent", false, false, 0)]
    public async Task Search_Patterns_FollowRe2(string pattern, bool isFixed, bool ignoreCase, int expected)
    {
        Guid id = Guid.CreateVersion7();
        string[] lines = expected == 2 ? ["ab", "cb", "zz"] : ["xsecret secret", "abc", "no 123 no", "a+b(c)", @"\x\Ey", "ÜNÏ", "it's ' OR 1=1 -- ok", "xx"];
        await WriteAsync(new NodeLog().Session(id).Data(id, StreamId.Out, 0, string.Join('\n', lines)));
        List<SearchHit> hits = await SearchAsync(id, new SearchQuery { Pattern = pattern, Fixed = isFixed, IgnoreCase = ignoreCase });
        if (pattern == "^a.*c") hits.RemoveAll(hit => Encoding.UTF8.GetString(hit.Line.Span) == "a+b(c)");
        hits.Count.ShouldBe(expected);
    }

    [Fact]
    public async Task Search_WordBoundary_GivesTheRightPlace()
    {
        Guid id = Guid.CreateVersion7();
        await WriteAsync(new NodeLog().Session(id).Data(id, StreamId.Out, 0, [.. "\xff"u8, 0xff, .. "xfoo foo\n"u8]));
        SearchHit hit = (await SearchAsync(id, new SearchQuery { Pattern = @"\bfoo\b" })).ShouldHaveSingleItem();
        Encoding.Latin1.GetString(hit.Line.Span).Substring(hit.MatchStart, hit.MatchLength).ShouldBe("foo");
        hit.MatchStart.ShouldBe(hit.Line.Length - 3);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("a)(b")]
    [InlineData("[")]
    [InlineData(@"(a)\1")]
    [InlineData("")]
    public async Task Search_InvalidPattern_IsRefused(string pattern)
    {
        var failure = await Should.ThrowAsync<StoreException>(() => SearchAsync(Guid.NewGuid(), new SearchQuery { Pattern = pattern }));
        failure.Error.ShouldBe(StoreError.InvalidArgument);
    }

    [Fact]
    public async Task Search_AcrossMissingBytes_DoesNotMatch()
    {
        Guid id = Guid.CreateVersion7();
        await WriteAsync(new NodeLog().Session(id).Data(id, StreamId.Out, 0, "sec").Gap(id, StreamId.Out, 3, 5, GapReason.RingFull).Data(id, StreamId.Out, 8, "ret\n"));
        (await SearchAsync(id, new SearchQuery { Pattern = "secret" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Search_VeryLongLine_IsCutAroundTheMatch()
    {
        Guid id = Guid.CreateVersion7();
        var node = new NodeLog().Session(id);
        byte[] filler = Encoding.ASCII.GetBytes(new string('x', 60_000));
        ulong offset = 0;
        for (int i = 0; i < 20; i++, offset += (ulong)filler.Length) node.Data(id, StreamId.Out, offset, filler);
        node.Data(id, StreamId.Out, offset, "needle").Data(id, StreamId.Out, offset + 6, filler);
        await WriteAsync(node);
        SearchHit hit = (await SearchAsync(id, new SearchQuery { Pattern = "n.edle" })).ShouldHaveSingleItem();
        hit.Offset.ShouldBe(offset);
        hit.Line.Length.ShouldBeLessThanOrEqualTo(4096);
        Encoding.ASCII.GetString(hit.Line.Span).Substring(hit.MatchStart, hit.MatchLength).ShouldBe("needle");
    }

    [Fact]
    public async Task Search_MoreHitsThanTheLimit_StopsThere()
    {
        Guid id = Guid.CreateVersion7();
        await WriteAsync(new NodeLog().Session(id).Data(id, StreamId.Out, 0, string.Concat(Enumerable.Repeat("hit\n", 500))));
        (await SearchAsync(id, new SearchQuery { Pattern = "hit", Limit = 7 })).Select(hit => hit.Offset).ShouldBe([0, 4, 8, 12, 16, 20, 24]);
    }

    [Fact]
    public async Task Search_Streams_AreThoseAskedFor()
    {
        Guid id = Guid.CreateVersion7();
        await WriteAsync(new NodeLog().Session(id).Data(id, StreamId.In, 0, "word").Data(id, StreamId.Err, 0, "word"));
        (await SearchAsync(id, new SearchQuery { Pattern = "word" })).ShouldHaveSingleItem().Stream.ShouldBe((byte)2);
        (await SearchAsync(id, new SearchQuery { Pattern = "word", Streams = [0] })).ShouldHaveSingleItem().Stream.ShouldBe((byte)0);
    }

    private async Task<List<SearchHit>> SearchAsync(Guid id, SearchQuery query)
    {
        var hits = new List<SearchHit>();
        query = query with { Sessions = new SessionFilter { Ids = [id] } };
        await foreach (SearchHit hit in Fixture.Store.Sessions.SearchAsync(query, Cancellation)) hits.Add(hit);
        return hits;
    }

    private Task<WriteResult> WriteAsync(NodeLog node) => Fixture.Store.Writer.WriteAsync([node.Cut()], Cancellation);
}
