using Recorder.Wire;

namespace Recorder.Agent.Processes;

/// <summary>Where secrets are taken out of arguments before anything is written.</summary>
internal interface IArgvFilter
{
    /// <summary>The arguments as they may be recorded; null stays null.</summary>
    IReadOnlyList<Text>? Filter(IReadOnlyList<Text>? argv);
}

/// <summary>Leaves arguments as they are.</summary>
internal sealed class UnfilteredArgv : IArgvFilter
{
    public static UnfilteredArgv Instance { get; } = new();

    public IReadOnlyList<Text>? Filter(IReadOnlyList<Text>? argv) => argv;
}
