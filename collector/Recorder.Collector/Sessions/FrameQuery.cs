using Recorder.Collector.Web;
using Recorder.Storage;
using Recorder.Wire;

namespace Recorder.Collector.Sessions;

/// <summary>Which frames of a session are wanted, and in which form.</summary>
internal sealed record FrameQuery(IReadOnlyList<byte> Types, IReadOnlyList<byte> Streams, long? From, long? To, bool Follow, bool AsLines)
{
    public static readonly (string Name, FrameType Type)[] TypeNames =
    [
        ("session", FrameType.Session), ("data", FrameType.Data), ("gap", FrameType.Gap), ("stream_end", FrameType.StreamEnd),
        ("session_end", FrameType.SessionEnd), ("resize", FrameType.Resize), ("fork", FrameType.Fork), ("exec", FrameType.Exec),
        ("exit", FrameType.Exit), ("connect", FrameType.Connect),
    ];

    /// <exception cref="ApiProblemException">A parameter isn't allowed, or no form is acceptable.</exception>
    public static FrameQuery Read(HttpRequest request)
    {
        var query = new QueryParameters(request, "types", "streams", "from", "to", "follow");
        string form = MediaTypes.Negotiate(request, MediaTypes.Frames, MediaTypes.JsonLines)
            ?? throw new ApiProblemException(ApiProblem.NotAcceptable(request.Headers.Accept.ToString(), $"{MediaTypes.Frames} and {MediaTypes.JsonLines}"));
        string[] names = Array.ConvertAll(TypeNames, static pair => pair.Name);
        var types = query.Several("types", names)?.Select(static name => (byte)TypeNames.First(pair => pair.Name == name).Type);
        var streams = query.Several("streams", "in", "out", "err")?.Select(static name => ApiNames.Stream(name)!.Value);
        long? from = query.Nanoseconds("from");
        long? to = query.Nanoseconds("to");
        if (to < from) throw QueryParameters.Refused("to", query.Text("to")!, "a time not before 'from'");
        return new FrameQuery(types?.ToArray() ?? [], streams?.ToArray() ?? [], from, to, query.Flag("follow"), form == MediaTypes.JsonLines);
    }

    /// <summary>The query in the node's boot time.</summary>
    /// <param name="started">When the session started, nanoseconds of CLOCK_BOOTTIME.</param>
    public FrameFilter Filter(ulong started) => new()
    {
        Types = Types,
        Streams = Streams,
        From = From is { } from ? Add(started, (ulong)from) : null,
        // The store's bound is exclusive, the API's inclusive.
        To = To is { } to ? Add(Add(started, (ulong)to), 1) : null,
    };

    private static ulong Add(ulong left, ulong right) => left > ulong.MaxValue - right ? ulong.MaxValue : left + right;
}
