using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Recorder.Cli.CommandLine;

/// <summary>Options and arguments whose values are checked, with errors that name the option, the value and what is allowed.</summary>
internal static class Values
{
    public static Argument<string> Session() => new("ID") { Description = "A session's id, or so much of its beginning that only one has it" };

    public static Option<bool> Json(string what) => new("--json") { Description = what };

    public static Option<int?> Limit(string description, int? standard) => new("--limit")
    {
        Description = description,
        HelpName = "number",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit >= 1)
                return limit;
            result.AddError($"--limit {result.Tokens[0].Value}: a number from 1 is allowed");
            return null;
        },
    };

    /// <summary>Seconds as 1.5 or 1.5s, minutes as 2m, hours as 1h, and hours, minutes and seconds as 1:02:03.</summary>
    public static Option<TimeSpan?> Span(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "time",
        CustomParser = result =>
        {
            if (TryParseSpan(result.Tokens[0].Value, out TimeSpan value))
                return value;
            result.AddError($"{name} {result.Tokens[0].Value}: allowed are seconds (2.5), 90s, 5m, 1h or 1:02:03");
            return null;
        },
    };

    public static Option<double> Speed() => new("--speed")
    {
        Description = "How fast: 1 is real time, 2 twice as fast; max or 0 waits for nothing",
        HelpName = "number",
        DefaultValueFactory = _ => 1,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (text is "max" or "0")
                return double.PositiveInfinity;
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double speed) && speed is >= 0.01 and <= 1000)
                return speed;
            result.AddError($"--speed {text}: a number from 0.01 to 1000, or max, is allowed");
            return 1;
        },
    };

    public static Option<string?> OneOf(string name, string description, string? standard, params string[] allowed) => new(name)
    {
        Description = $"{description}: {string.Join(", ", allowed)}",
        HelpName = name.TrimStart('-'),
        DefaultValueFactory = _ => standard,
        CustomParser = result => Choose(result, name, allowed),
    };

    /// <summary>Streams, one or several by commas.</summary>
    public static Option<string?> Streams(string description) => new("--stream")
    {
        Description = description,
        HelpName = "in,out,err",
        CustomParser = result =>
        {
            string[] given = result.Tokens[0].Value.Split(',');
            if (given.All(stream => stream is "in" or "out" or "err"))
                return string.Join(',', given.Distinct());
            result.AddError($"--stream {result.Tokens[0].Value}: allowed are in, out, err and several of them joined by commas");
            return null;
        },
    };

    internal static bool TryParseSpan(string text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        string[] parts = text.Split(':');
        if (parts.Length is 2 or 3)
            return TryParseClock(parts, out value);
        double unit = text.EndsWith('h') ? 3600 : text.EndsWith('m') ? 60 : 1;
        string number = text.Length > 0 && text[^1] is 's' or 'm' or 'h' ? text[..^1] : text;
        return TryParseSeconds(number, unit, out value);
    }

    private static bool TryParseClock(string[] parts, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        foreach (string part in parts)
        {
            if (!TryParseSeconds(part, 1, out TimeSpan digit))
                return false;
            value = (value * 60) + digit;
        }

        return true;
    }

    private static bool TryParseSeconds(string text, double unit, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) || number * unit > TimeSpan.FromDays(1000).TotalSeconds)
            return false;
        value = TimeSpan.FromSeconds(number * unit);
        return true;
    }

    private static string? Choose(ArgumentResult result, string name, string[] allowed)
    {
        string given = result.Tokens[0].Value;
        if (allowed.Contains(given))
            return given;
        result.AddError($"{name} {given}: allowed are {string.Join(", ", allowed)}");
        return null;
    }
}
