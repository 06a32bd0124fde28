using System.Text;
using Recorder.Collector.Web;
using Recorder.Storage;

namespace Recorder.Collector.Sessions;

internal sealed record SearchHitView(
    Guid Session, string? Namespace, string? Pod, string? Container, string Stream, ulong Offset, string Time, string Line, int[] Match)
{
    public static SearchHitView Of(SearchHit hit)
    {
        // Decoded in three parts, since bytes that aren't UTF-8 change their number: the match counts the line as it is shown.
        var line = hit.Line.Span;
        string before = Encoding.UTF8.GetString(line[..hit.MatchStart]);
        string match = Encoding.UTF8.GetString(line.Slice(hit.MatchStart, hit.MatchLength));
        string after = Encoding.UTF8.GetString(line[(hit.MatchStart + hit.MatchLength)..]);
        return new(
            hit.Session.Id,
            Known(hit.Session.Namespace),
            Known(hit.Session.Pod),
            Known(hit.Session.Container),
            ApiNames.Stream(hit.Stream),
            hit.Offset,
            ApiNames.Time(hit.Time),
            before + match + after,
            [Encoding.UTF8.GetByteCount(before), Encoding.UTF8.GetByteCount(match)]);
    }

    private static string? Known(string text) => text.Length == 0 ? null : text;
}
