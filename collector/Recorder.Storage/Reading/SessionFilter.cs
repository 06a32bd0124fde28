namespace Recorder.Storage;

/// <summary>Which sessions: every condition that is set has to hold. Texts are compared exactly unless said otherwise.</summary>
public sealed record SessionFilter
{
    /// <summary>Pod's namespace.</summary>
    public string? Namespace { get; init; }

    /// <summary>Pod's name.</summary>
    public string? Pod { get; init; }

    /// <summary>Container's name, or its id or a prefix of it of at least 8 characters.</summary>
    public string? Container { get; init; }

    /// <summary>Node name.</summary>
    public string? Node { get; init; }

    /// <summary>User name, or a user id in digits.</summary>
    public string? User { get; init; }

    /// <summary>Part of the command line (arguments joined by spaces), case-sensitive.</summary>
    public string? Command { get; init; }

    /// <summary>Session kind; probe sessions are left out unless asked for.</summary>
    public string? Kind { get; init; }

    /// <summary>Verdict.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>True: ended, false: open.</summary>
    public bool? Ended { get; init; }

    /// <summary>Started at or after, Unix nanoseconds.</summary>
    public long? Since { get; init; }

    /// <summary>Started before, Unix nanoseconds.</summary>
    public long? Until { get; init; }

    /// <summary>One of these ids, at most 2,000.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }
}

/// <summary>A page of sessions, newest first.</summary>
/// <param name="Items">Sessions.</param>
/// <param name="Next">Cursor of the next page, null at the end.</param>
public sealed record SessionPage(IReadOnlyList<SessionRecord> Items, string? Next);
