using System.Globalization;
using System.Text;

namespace Recorder.Storage;

/// <summary>
/// Values for the <c>{name:Type}</c> places of a statement. They travel as <c>param_name</c> beside the statement and never
/// become part of it. ClickHouse reads a value in its "Escaped" form, and strings inside an array quoted.
/// </summary>
internal sealed class QueryParameters
{
    /// <summary>Elements that an array may have: ClickHouse takes values of at most 128 KiB (http_max_field_value_size).</summary>
    public const int ArrayLimit = 2000;

    private readonly StringBuilder _query = new();

    public QueryParameters Add(string name, string value) => Append(name, Escape(value, quoted: false));

    public QueryParameters Add(string name, long value) => Append(name, value.ToString(CultureInfo.InvariantCulture));

    public QueryParameters Add(string name, ulong value) => Append(name, value.ToString(CultureInfo.InvariantCulture));

    public QueryParameters Add(string name, Guid value) => Append(name, value.ToString("D"));

    public QueryParameters Add(string name, IEnumerable<Guid> values) =>
        Append(name, "[" + string.Join(',', values.Select(value => $"'{value:D}'")) + "]");

    public QueryParameters Add(string name, IEnumerable<byte> values) =>
        Append(name, "[" + string.Join(',', values.Select(value => value.ToString(CultureInfo.InvariantCulture))) + "]");

    public QueryParameters Add(string name, IEnumerable<ulong> values) =>
        Append(name, "[" + string.Join(',', values.Select(value => value.ToString(CultureInfo.InvariantCulture))) + "]");

    public override string ToString() => _query.ToString();

    private QueryParameters Append(string name, string value)
    {
        _query.Append("&param_").Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return this;
    }

    internal static string Escape(string value, bool quoted)
    {
        var text = new StringBuilder(value.Length + 8);
        foreach (char c in value)
        {
            string? escaped = c switch
            {
                '\\' => "\\\\",
                '\t' => "\\t",
                '\n' => "\\n",
                '\r' => "\\r",
                '\0' => "\\0",
                '\'' when quoted => "\\'",
                _ => null,
            };
            if (escaped is null) text.Append(c);
            else text.Append(escaped);
        }
        return text.ToString();
    }
}
