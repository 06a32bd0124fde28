using System.Globalization;

namespace Recorder.Collector.Web;

/// <summary>Strict reading of a query string: a parameter that is unknown, given twice or not allowed ends the request with 400.</summary>
internal readonly struct QueryParameters
{
    private readonly IQueryCollection _query;

    /// <exception cref="ApiProblemException">A parameter is not among <paramref name="known"/> or is given twice.</exception>
    public QueryParameters(HttpRequest request, params ReadOnlySpan<string> known)
    {
        _query = request.Query;
        foreach (var (name, values) in _query)
        {
            if (!known.Contains(name)) throw new ApiProblemException(ApiProblem.UnknownParameter(name, known.ToArray()));
            if (values.Count != 1) throw Refused(name, values.ToString(), "one value");
            if (values[0]!.Contains('\0', StringComparison.Ordinal)) throw Refused(name, "(a NUL character)", "text without NUL characters");
        }
    }

    public static ApiProblemException Refused(string name, string value, string allowed) => new(ApiProblem.BadParameter(name, value, allowed));

    /// <summary>The value, or null when absent; an empty one is refused.</summary>
    public string? Text(string name)
    {
        if (!_query.TryGetValue(name, out var values)) return null;
        return values[0] is { Length: > 0 } text ? text : throw Refused(name, string.Empty, "text of at least one character");
    }

    public bool Flag(string name) => Text(name) switch
    {
        null or "false" => false,
        "true" => true,
        string other => throw Refused(name, other, "true or false"),
    };

    public int Integer(string name, int lowest, int highest, int absent)
    {
        if (Text(name) is not { } text) return absent;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= lowest && value <= highest
            ? value
            : throw Refused(name, text, $"an integer from {lowest} to {highest}");
    }

    public long? Nanoseconds(string name)
    {
        if (Text(name) is not { } text) return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw Refused(name, text, $"nanoseconds from 0 to {long.MaxValue}");
    }

    public string? OneOf(string name, params ReadOnlySpan<string> allowed)
    {
        if (Text(name) is not { } text) return null;
        return allowed.Contains(text) ? text : throw Refused(name, text, string.Join(", ", allowed.ToArray()));
    }

    /// <summary>A list joined by ',', each of the allowed at most once; null when absent.</summary>
    public IReadOnlyList<string>? Several(string name, params ReadOnlySpan<string> allowed)
    {
        if (Text(name) is not { } text) return null;
        string[] items = text.Split(',');
        foreach (string item in items)
        {
            if (!allowed.Contains(item)) throw Refused(name, text, $"a list of {string.Join(", ", allowed.ToArray())}");
        }

        return items.Distinct().ToArray();
    }

    /// <summary>An RFC 3339 instant, or a duration before <paramref name="now"/>.</summary>
    public DateTimeOffset? Instant(string name, DateTimeOffset now)
    {
        if (Text(name) is not { } text) return null;
        return InstantText.TryParse(text, now, out var instant) ? instant : throw Refused(name, text, InstantText.Allowed);
    }
}
