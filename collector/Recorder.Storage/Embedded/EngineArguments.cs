using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Recorder.Storage;

/// <summary>Arguments of the child process.</summary>
internal sealed record EngineArguments(string Data, int HttpPort, string? Library)
{
    public IEnumerable<string> ToCommandLine()
    {
        yield return "--data";
        yield return Data;
        yield return "--http-port";
        yield return HttpPort.ToString(CultureInfo.InvariantCulture);
        if (Library is null) yield break;
        yield return "--library";
        yield return Library;
    }

    public static bool TryParse(
        string[] args, [NotNullWhen(true)] out EngineArguments? arguments, [NotNullWhen(false)] out string? problem)
    {
        string? data = null, library = null, port = null;
        arguments = null;
        problem = null;
        for (int i = args is ["store", ..] ? 1 : 0; i < args.Length && problem is null; i += 2)
        {
            string? value = i + 1 < args.Length ? args[i + 1] : null;
            if (value is null) problem = $"{args[i]} needs a value";
            else if (args[i] == "--data") data = value;
            else if (args[i] == "--http-port") port = value;
            else if (args[i] == "--library") library = value;
            else problem = $"unknown argument '{args[i]}'; allowed: --data DIR, --http-port N, --library FILE";
        }
        if (problem is not null) return false;
        if (data is null) problem = "--data DIR is missing";
        else if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > 65535)
            problem = $"--http-port is '{port}'; allowed: 1 to 65535";
        else arguments = new EngineArguments(data, number, library);
        return arguments is not null;
    }
}
