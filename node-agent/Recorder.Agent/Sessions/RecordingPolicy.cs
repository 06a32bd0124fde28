using Recorder.Agent.Configuration;
using Recorder.Agent.Identity;
using Recorder.Wire;

namespace Recorder.Agent.Sessions;

/// <summary>One rule: what holds for sessions of a kind, namespace and label. What is null matches everything.</summary>
internal sealed record RecordingRule
{
    /// <summary>One of <see cref="SessionKind"/>.</summary>
    public string? Kind { get; init; }

    /// <summary>The pod's namespace.</summary>
    public string? Namespace { get; init; }

    /// <summary>A label of the pod, with its value.</summary>
    public KeyValuePair<string, string>? Label { get; init; }

    /// <summary>How much is kept; null: nothing.</summary>
    public RecordingDepth? Depth { get; init; }

    /// <summary>Whether it can't be told without knowing the pod.</summary>
    public bool AsksForPod => Namespace is not null || Label is not null;

    /// <summary>Whether the rule holds for a session.</summary>
    public bool Matches(string kind, ContainerFacts? container) =>
        (Kind is null || Kind == kind)
        && (Namespace is null || container?.PodNamespace == Namespace)
        && (Label is not { } label || (container?.Labels?.TryGetValue(label.Key, out var value) == true && value == label.Value));
}

/// <summary>
/// Which sessions are recorded, and how deep: the first rule that matches holds, else the default. Kinds and depths are data; no code asks
/// for a certain kind. With depth metadata the streams' lengths are recorded as POLICY gaps, so that they tile as ever.
/// </summary>
internal sealed record RecordingPolicy
{
    /// <summary>In the order in which they are tried.</summary>
    public IReadOnlyList<RecordingRule> Rules { get; init; } = [new RecordingRule { Kind = SessionKind.Probe, Depth = null }];

    /// <summary>What holds when no rule matches; null: nothing is kept.</summary>
    public RecordingDepth? Default { get; init; } = RecordingDepth.Full;

    /// <summary>Whether the pod has to be known before a session of this kind can be judged.</summary>
    public bool AsksForPod(string kind)
    {
        foreach (var rule in Rules)
        {
            if (rule.AsksForPod && (rule.Kind is null || rule.Kind == kind))
                return true;
        }

        return false;
    }

    /// <summary>How much of a session is kept; null: nothing.</summary>
    public RecordingDepth? Decide(string kind, ContainerFacts? container)
    {
        foreach (var rule in Rules)
        {
            if (rule.Matches(kind, container))
                return rule.Depth;
        }

        return Default;
    }

    /// <summary>The policy that the agent's settings describe.</summary>
    public static RecordingPolicy From(AgentOptions options) => new()
    {
        Default = options.Depth,
        Rules = options.RecordProbes ? [] : [new RecordingRule { Kind = SessionKind.Probe, Depth = null }],
    };
}
