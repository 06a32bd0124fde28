namespace Recorder.Cli;

/// <summary>What the command's exit code says; documented in docs/cli.md and --help.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The answer is no: grep without a hit, a session that does not exist, an export that met a gap with --gaps fail.</summary>
    public const int Negative = 1;

    /// <summary>Wrong usage, an unreachable collector, an answer that can't be understood, output that can't be written.</summary>
    public const int Failure = 2;

    /// <summary>Stopped by Ctrl-C.</summary>
    public const int Interrupted = 130;
}

/// <summary>Ends the command with one line on standard error.</summary>
internal class CommandFailedException(string message, int exitCode = ExitCodes.Failure) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
