namespace Recorder.Agent.Hosting;

/// <summary>What the process's exit code means; part of the interface.</summary>
internal enum ExitCode
{
    Success = 0,

    /// <summary>It failed while running.</summary>
    RuntimeFailure = 1,

    /// <summary>Wrong arguments or settings.</summary>
    Usage = 2,

    /// <summary>Capabilities are missing.</summary>
    MissingPrivileges = 3,

    /// <summary>The kernel lacks something that is needed.</summary>
    UnsupportedKernel = 4,
}
