using Recorder.Cli.Api;
using Recorder.Cli.Output;
using Recorder.Cli.Search;

namespace Recorder.Cli.Tests.Commands;

public sealed class GrepFormatTests
{
    private static readonly ScreenFacts Coloured = new(80, 24, Keys: true, Colours: true, Unicode: true);
    private static readonly ScreenFacts Plain = new(null, null, Keys: false, Colours: false, Unicode: true);

    [Fact]
    public void Format_Match_IsSetOffByItsBytes() =>
        GrepCommand.Format(Hit("é雛 x", 2, 3), Coloured).ShouldBe("\e[36m019a 2026-11-20 20:00:00.000Z out:\e[0m é\e[1;31m雛\e[0m x");

    [Fact]
    public void Format_Hostile_IsClean() =>
        GrepCommand.Format(Hit("\e]0;x\a\tb\u009b", 0, 1), Coloured).ShouldBe("\e[36m019a 2026-11-20 20:00:00.000Z out:\e[0m \e[1;31m␛\e[0m]0;x␇\tb\\x9b");

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(0, 99)]
    [InlineData(99, 0)]
    [InlineData(1, int.MaxValue)]
    public void Format_MatchOutside_ShowsTheLine(int start, int length) => GrepCommand.Format(Hit("abc", start, length), Plain).ShouldBe("019a 2026-11-20 20:00:00.000Z out: abc");

    private static SearchHit Hit(string line, int start, int length) =>
        new() { Session = "019a", Time = new DateTimeOffset(2026, 11, 20, 20, 0, 0, TimeSpan.Zero), Stream = "out", Line = line, Match = [start, length] };
}
