using System.Net.Http.Headers;

namespace Recorder.Storage;

/// <summary>A temporary table that travels with a query (https://clickhouse.com/docs/engines/table-engines/special/external-data).</summary>
/// <param name="Name">Name that the query uses.</param>
/// <param name="Structure">Columns: <c>id UInt32, line String</c>.</param>
/// <param name="Rows">RowBinary.</param>
internal sealed record ExternalTable(string Name, string Structure, ReadOnlyMemory<byte> Rows)
{
    public HttpContent ToContent()
    {
        var part = new ReadOnlyMemoryContent(Rows);
        part.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return new MultipartFormDataContent { { part, Name, Name } };
    }
}
