using System.Net;
using System.Text;

namespace Recorder.Storage;

/// <summary>
/// Finds the failure of a query that had begun to answer. ClickHouse then writes, behind the rows,
/// <c>\r\n__exception__\r\nTAG\r\nmessage\r\n…</c> and cuts the connection; TAG is random and announced in a header
/// (https://clickhouse.com/docs/interfaces/http#http_response_codes_caveats). What follows the rows must not be taken for rows.
/// </summary>
internal readonly struct ExceptionMarker
{
    private readonly byte[]? _marker;

    private ExceptionMarker(byte[]? marker) => _marker = marker;

    public static ExceptionMarker Of(HttpResponseMessage response) =>
        new(response.Headers.TryGetValues("X-ClickHouse-Exception-Tag", out var tags)
            ? Encoding.ASCII.GetBytes("__exception__\r\n" + tags.First()) : null);

    /// <summary>Where the rows end that may be parsed: before the marker, and before what may be its beginning.</summary>
    public int RowsEnd(ReadOnlySpan<byte> buffer, out bool failed, bool isLast)
    {
        int at = _marker is null ? -1 : buffer.IndexOf(_marker);
        failed = at >= 0;
        if (failed) return at >= 2 && buffer[at - 1] == '\n' && buffer[at - 2] == '\r' ? at - 2 : at;
        return _marker is null || isLast ? buffer.Length : Math.Max(0, buffer.Length - _marker.Length - 2);
    }

    /// <summary>The failure from the text behind the rows, as far as it has been received.</summary>
    public StoreException ToException(ReadOnlySpan<byte> text)
    {
        string message = Encoding.UTF8.GetString(text[Math.Min(text.Length, _marker!.Length + 4)..]).Trim();
        string code = new([.. message.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)]);
        StoreException failure = ClickHouseErrors.From(HttpStatusCode.InternalServerError, code, message);
        return message.Length > 0 ? failure : new StoreException(
            StoreError.Unavailable, "The query failed after it had begun to answer.", transient: true);
    }
}
