using System.Globalization;
using System.Text;

namespace Recorder.Cli.Api;

/// <summary>Puts parameters behind a path, leaving out those that are null.</summary>
internal static class QueryString
{
    public static string Append(string path, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var text = new StringBuilder(path);
        char separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach ((string name, object? value) in parameters)
        {
            if (value is null)
                continue;
            string escaped = Uri.EscapeDataString(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
            text.Append(separator).Append(name).Append('=').Append(escaped);
            separator = '&';
        }

        return text.ToString();
    }
}
