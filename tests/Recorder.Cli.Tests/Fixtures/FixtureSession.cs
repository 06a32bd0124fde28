using System.Text.Json.Nodes;

namespace Recorder.Cli.Tests.Fixtures;

/// <summary>A recorded session, made frame by frame.</summary>
public sealed class FixtureSession
{
    private readonly Dictionary<string, long> _offsets = [];

    public FixtureSession(string id, bool tty = true, string pod = "web")
    {
        Id = id;
        Facts = JsonNode.Parse($$"""
            {"id": "{{id}}", "kind": "exec", "depth": "full", "state": "ended", "tty": {{(tty ? "true" : "false")}}, "late": false, "cluster": "c1", "node": "n1",
             "namespace": "shop", "pod": "{{pod}}", "podUid": "u1", "serviceAccount": "default", "container": "app", "containerId": "0123456789abcdef", "image": "busybox:1",
             "runtime": "containerd", "user": "root", "uid": 0, "gid": 0, "loginUid": null, "command": ["sh", "-c", "echo hello"], "exe": "/bin/busybox", "cwd": "/",
             "rootPid": 100, "parent": null, "terminal": {"name": "pts/0", "columns": 80, "rows": 24},
             "started": "2026-11-20T20:00:00.123456789Z", "ended": "2026-11-20T20:00:02.623456789Z", "exitCode": 0, "signal": null,
             "verdict": "COMPLETE", "reasons": [], "proof": "NONE",
             "streams": {"in": {"bytes": 0, "gaps": 0, "gapBytes": 0, "length": 0, "ended": true, "source": "tty"},
                         "out": {"bytes": 10, "gaps": 0, "gapBytes": 0, "length": 10, "ended": true, "source": "tty"} } }
            """)!.AsObject();
    }

    public string Id { get; }

    public JsonObject Facts { get; }

    public JsonArray Processes { get; set; } = [];

    public JsonArray Connections { get; set; } = [];

    public List<JsonObject> Frames { get; } = [];

    public FixtureSession Data(double seconds, string stream, params ReadOnlySpan<byte> bytes)
    {
        long offset = _offsets.GetValueOrDefault(stream);
        _offsets[stream] = offset + bytes.Length;
        return Frame("data", seconds, new JsonObject { ["stream"] = stream, ["offset"] = offset, ["flags"] = 0, ["data"] = Convert.ToBase64String(bytes) });
    }

    public FixtureSession Gap(double seconds, string stream, long? length)
    {
        long offset = _offsets.GetValueOrDefault(stream);
        _offsets[stream] = offset + (length ?? 0);
        return Frame("gap", seconds, new JsonObject { ["stream"] = stream, ["offset"] = offset, ["length"] = length, ["reason"] = "RING_FULL", ["place"] = "KERNEL", ["from"] = 0, ["to"] = 0 });
    }

    public FixtureSession Resize(double seconds, int columns, int rows) => Frame("resize", seconds, new JsonObject { ["columns"] = columns, ["rows"] = rows });

    public FixtureSession Exec(double seconds, params string[] argv) =>
        Frame("exec", seconds, new JsonObject { ["pid"] = 100, ["start"] = 1, ["exe"] = "/bin/" + argv[0], ["argv"] = new JsonArray([.. argv.Select(argument => JsonValue.Create(argument))]) });

    public FixtureSession End(double seconds, int exitCode) =>
        Frame("session_end", seconds, new JsonObject { ["cause"] = "CLOSED", ["exitCode"] = exitCode, ["signal"] = null, ["processesLeft"] = 0 });

    public (byte[] Bytes, int Gaps, long GapBytes) Read(string stream, bool zeros)
    {
        var bytes = new List<byte>();
        int gaps = 0;
        long gapBytes = 0;
        foreach (JsonObject frame in Frames.Where(frame => (string?)frame["stream"] == stream))
        {
            if ((string?)frame["type"] == "data")
            {
                bytes.AddRange(Convert.FromBase64String((string)frame["data"]!));
                continue;
            }

            gaps++;
            long length = (long?)frame["length"] ?? 0;
            gapBytes += length;
            if (zeros)
                bytes.AddRange(new byte[length]);
        }

        return ([.. bytes], gaps, gapBytes);
    }

    private FixtureSession Frame(string type, double seconds, JsonObject body)
    {
        var frame = new JsonObject { ["type"] = type, ["seq"] = Frames.Count + 1, ["time"] = (long)Math.Round(seconds * 1e9) };
        foreach ((string name, JsonNode? value) in body)
            frame[name] = value?.DeepClone();
        Frames.Add(frame);
        return this;
    }
}
