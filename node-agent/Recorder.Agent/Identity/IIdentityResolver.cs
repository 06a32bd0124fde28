using System.Diagnostics.CodeAnalysis;
using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Agent.Identity;

/// <summary>What is asked about a session.</summary>
internal sealed record IdentityQuery
{
    /// <summary>The session's number in the kernel.</summary>
    public required ulong Session { get; init; }

    public required KernelKind Kind { get; init; }

    /// <summary>The container as the kernel program read it from the cgroup; empty where there is none.</summary>
    public required string Container { get; init; }

    /// <summary>The cgroup's path; empty where it isn't known.</summary>
    public required string Cgroup { get; init; }

    /// <summary>The root process.</summary>
    public required int Pid { get; init; }

    public required uint Uid { get; init; }

    /// <summary>Whether argv and paths have to be read from /proc.</summary>
    public bool NeedsProcess { get; init; }

    /// <summary>The command, where the session could be a probe: no terminal, no input.</summary>
    public IReadOnlyList<string>? ProbeCommand { get; init; }
}

/// <summary>A process as /proc shows it.</summary>
/// <param name="Command">Its argv, NUL separated.</param>
/// <param name="Exe">Where /proc/PID/exe points.</param>
/// <param name="Cwd">Where /proc/PID/cwd points.</param>
internal sealed record ProcessFacts(byte[]? Command, string? Exe, string? Cwd);

/// <summary>What was found out about a session. Null means that it can't be known.</summary>
internal sealed record SessionIdentity
{
    public ContainerFacts? Container { get; init; }

    public string? UserName { get; init; }

    /// <summary>Whether the command is an exec probe of the pod's own spec.</summary>
    public bool IsProbe { get; init; }

    public ProcessFacts? Process { get; init; }
}

/// <summary>
/// Finds out who a session belongs to. Everything that may touch a disk or the network happens elsewhere: these methods never wait, and are
/// called on the tracker's thread.
/// </summary>
internal interface IIdentityResolver
{
    /// <summary>Whether exec sessions can be told from probes at all: without the pods' specs nothing is called a probe.</summary>
    bool KnowsProbes { get; }

    /// <summary>The whole answer if it is in memory, else null.</summary>
    SessionIdentity? Find(IdentityQuery query);

    /// <summary>Asks for an answer; it comes by <see cref="TryTake"/>, also when nothing could be found out.</summary>
    void Request(IdentityQuery query);

    /// <summary>The next answer.</summary>
    bool TryTake(out ulong session, [MaybeNullWhen(false)] out SessionIdentity identity);

    /// <summary>The next container that was found which can't be recorded; each is told once.</summary>
    bool TryTakeUnrecordable([MaybeNullWhen(false)] out UnrecordableFrame container);

    /// <summary>A container began: a session in it may follow soon.</summary>
    void Preload(string container, string cgroup, int initPid);
}
