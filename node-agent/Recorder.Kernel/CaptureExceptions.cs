namespace Recorder.Kernel;

/// <summary>The kernel programs can't be used here.</summary>
public class CaptureException : Exception
{
    /// <summary>Says why.</summary>
    public CaptureException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what it came from.</summary>
    public CaptureException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}

/// <summary>A value of <see cref="CaptureOptions"/> is not allowed.</summary>
public sealed class CaptureOptionsException(string key, object value, string allowed)
    : CaptureException($"{key} is {value}: allowed is {allowed}")
{
    /// <summary>The property.</summary>
    public string Key { get; } = key;
}

/// <summary>A required program was refused by the kernel, or can't be attached.</summary>
public sealed class ProgramRefusedException(string program, string reason)
    : CaptureException($"kernel program {program} was refused: {reason}")
{
    /// <summary>The program's name.</summary>
    public string Program { get; } = program;

    /// <summary>The verifier's last line, or the error's name.</summary>
    public string Reason { get; } = reason;
}

/// <summary>The process lacks capabilities.</summary>
public sealed class MissingCapabilitiesException(IReadOnlyList<string> missing)
    : CaptureException($"missing capabilities: {string.Join(", ", missing)} (run as root, or grant them)")
{
    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Missing { get; } = missing;
}
