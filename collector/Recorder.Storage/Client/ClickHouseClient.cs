using System.Net;
using System.Runtime.CompilerServices;

namespace Recorder.Storage;

/// <summary>
/// ClickHouse's HTTP interface (https://clickhouse.com/docs/interfaces/http). Errors that pass by themselves are retried: every
/// statement that we send may run twice (inserts carry a deduplication token, DDL says IF NOT EXISTS). Thread-safe.
/// </summary>
public sealed class ClickHouseClient : IDisposable
{
    private const int ReadBuffer = 64 * 1024;

    private readonly HttpClient _http;

    /// <summary>Creates a client; connects on first use.</summary>
    /// <exception cref="ArgumentException">An option isn't valid.</exception>
    public ClickHouseClient(StoreOptions options)
    {
        options.Validate();
        Options = options;
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            MaxConnectionsPerServer = 64,
            // Shorter than ClickHouse's keep_alive_timeout (10 s), so that it never closes one that we are about to use.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
        };
        _http = new HttpClient(handler) { BaseAddress = options.Endpoint, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Add("X-ClickHouse-User", options.User);
        _http.DefaultRequestHeaders.Add("X-ClickHouse-Key", options.Password);
    }

    /// <summary>Its options.</summary>
    public StoreOptions Options { get; }

    /// <summary>Runs a statement without a result.</summary>
    /// <exception cref="StoreException">The store refused or is unavailable.</exception>
    public Task ExecuteAsync(string sql, CancellationToken cancellation) =>
        ExecuteAsync(sql, null, inDatabase: true, cancellation);

    internal async Task ExecuteAsync(string sql, QueryParameters? parameters, bool inDatabase, CancellationToken cancellation)
    {
        string uri = Target(parameters, inDatabase, "&wait_end_of_query=1");
        using HttpResponseMessage response = await SendAsync(uri, () => new StringContent(sql), cancellation).ConfigureAwait(false);
        await DrainAsync(response, cancellation).ConfigureAwait(false);
    }

    /// <summary>Inserts RowBinary rows and returns when they are durable.</summary>
    /// <param name="into">Table and columns: <c>frames (a, b)</c>.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="token">Two inserts into one table with the same token count once.</param>
    /// <param name="cancellation">Gives up; the rows may or may not have been stored.</param>
    internal async Task InsertAsync(string into, ReadOnlyMemory<byte> rows, string token, CancellationToken cancellation)
    {
        // One block, so one part for each partition: a batch is stored whole or not at all.
        string uri = Target(null, true, "&async_insert=0&wait_end_of_query=1&max_insert_block_size=10000000"
            + "&min_insert_block_size_rows=10000000&min_insert_block_size_bytes=1000000000&insert_deduplicate=1"
            + "&distributed_foreground_insert=1&max_partitions_per_insert_block=0"
            + "&insert_deduplication_token=" + Uri.EscapeDataString(token)
            + "&query=" + Uri.EscapeDataString($"INSERT INTO {into} FORMAT RowBinary"));
        using HttpResponseMessage response =
            await SendAsync(uri, () => new ReadOnlyMemoryContent(rows), cancellation).ConfigureAwait(false);
        await DrainAsync(response, cancellation).ConfigureAwait(false);
    }

    /// <summary>Streams a query's rows. A failure in the middle throws after the rows before it.</summary>
    internal async IAsyncEnumerable<T> QueryAsync<T>(
        string sql, QueryParameters? parameters, RowParser<T> parse, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string uri = Target(parameters, true, "&default_format=RowBinary");
        using HttpResponseMessage response = await SendAsync(uri, () => new StringContent(sql), cancellation).ConfigureAwait(false);
        await foreach (T row in RowsAsync(response, parse, cancellation).ConfigureAwait(false)) yield return row;
    }

    internal async Task<List<T>> ListAsync<T>(
        string sql, QueryParameters? parameters, RowParser<T> parse, CancellationToken cancellation)
    {
        var rows = new List<T>();
        await foreach (T row in QueryAsync(sql, parameters, parse, cancellation).ConfigureAwait(false)) rows.Add(row);
        return rows;
    }

    /// <summary>Streams a query over a table that is sent along with it.</summary>
    internal async IAsyncEnumerable<T> QueryWithTableAsync<T>(
        string sql, QueryParameters parameters, ExternalTable table, RowParser<T> parse,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        string uri = Target(parameters, true, "&default_format=RowBinary&query=" + Uri.EscapeDataString(sql)
            + $"&{table.Name}_format=RowBinary&{table.Name}_structure=" + Uri.EscapeDataString(table.Structure));
        using HttpResponseMessage response = await SendAsync(uri, table.ToContent, cancellation).ConfigureAwait(false);
        await foreach (T row in RowsAsync(response, parse, cancellation).ConfigureAwait(false)) yield return row;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private string Target(QueryParameters? parameters, bool inDatabase, string settings) =>
        "?" + (inDatabase ? "database=" + Options.Database : "database=default") + settings + parameters;

    private async Task<HttpResponseMessage> SendAsync(string uri, Func<HttpContent> content, CancellationToken cancellation)
    {
        TimeSpan delay = Options.RetryDelay;
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return await SendOnceAsync(uri, content(), cancellation).ConfigureAwait(false);
            }
            catch (StoreException failure) when (failure.IsTransient && attempt < Options.Retries)
            {
                await Task.Delay(delay, cancellation).ConfigureAwait(false);
                delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, TimeSpan.TicksPerSecond * 5));
            }
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(string uri, HttpContent content, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(Options.RequestTimeout);
        HttpResponseMessage? response = null;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = content };
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token).ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return response;
            string body = await response.Content.ReadAsStringAsync(timeout.Token).ConfigureAwait(false);
            string? code = response.Headers.TryGetValues("X-ClickHouse-Exception-Code", out var codes) ? codes.First() : null;
            throw ClickHouseErrors.From(response.StatusCode, code, body);
        }
        catch (Exception failure) when (IsConnection(failure, cancellation))
        {
            response?.Dispose();
            throw Unavailable(failure);
        }
        catch
        {
            response?.Dispose();
            throw;
        }
    }

    private async Task DrainAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            await response.Content.CopyToAsync(Stream.Null, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsConnection(failure, cancellation))
        {
            throw Unavailable(failure);
        }
    }

    private async IAsyncEnumerable<T> RowsAsync<T>(
        HttpResponseMessage response, RowParser<T> parse, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ExceptionMarker marker = ExceptionMarker.Of(response);
        byte[] buffer = new byte[ReadBuffer];
        int start = 0, end = 0;
        using Stream body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        for (bool more = true; more;)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
            if (end == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            int read = await ReadAsync(body, buffer.AsMemory(end), cancellation).ConfigureAwait(false);
            end += read;
            more = read > 0;
            int rows = marker.RowsEnd(buffer.AsSpan(0, end), out bool failed, isLast: !more);
            while (start < rows && TryParse(buffer.AsSpan(start, rows - start), parse, out T row, out int used))
            {
                start += used;
                yield return row;
            }
            if (failed) throw marker.ToException(buffer.AsSpan(rows, end - rows));
        }
        if (end > start) throw new StoreException(StoreError.Unavailable, "The store's answer ended inside a row.", transient: true);
    }

    private static bool TryParse<T>(ReadOnlySpan<byte> bytes, RowParser<T> parse, out T row, out int used)
    {
        var reader = new RowReader(bytes);
        row = parse(ref reader);
        used = reader.Position;
        return !reader.IsShort;
    }

    private async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsConnection(failure, cancellation))
        {
            throw Unavailable(failure);
        }
    }

    private static bool IsConnection(Exception failure, CancellationToken cancellation) =>
        failure is HttpRequestException or IOException
        || (failure is OperationCanceledException && !cancellation.IsCancellationRequested);

    private StoreException Unavailable(Exception failure) => new(
        StoreError.Unavailable,
        failure is OperationCanceledException
            ? $"The store at {Options.Endpoint} did not answer within {Options.RequestTimeout}."
            : $"The store at {Options.Endpoint} can't be reached: {failure.Message}",
        transient: true, inner: failure);
}
