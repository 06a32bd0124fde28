namespace Recorder.Storage;

/// <summary>The child process's side of <see cref="EmbeddedStore"/>.</summary>
public static class EmbeddedEngineHost
{
    /// <summary>
    /// Runs the engine until standard input ends. Arguments: <c>[store] --data DIR --http-port N --library FILE</c>.
    /// </summary>
    /// <returns>The process's exit code.</returns>
    public static int Run(string[] args) => throw new NotSupportedException(args.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
