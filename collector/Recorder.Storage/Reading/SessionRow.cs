namespace Recorder.Storage;

/// <summary>Reads the columns of <see cref="SessionSql.Columns"/>.</summary>
internal static class SessionRow
{
    public static SessionRecord Read(ref RowReader row)
    {
        Guid id = row.Uuid(), origin = row.Uuid();
        SessionRecord session = new() { Id = id, Origin = origin, Revision = row.UInt64(), Kind = row.Text(), Depth = row.Text() };
        session = ReadState(ref row, session);
        session = ReadPlace(ref row, session);
        return ReadProgram(ref row, session);
    }

    // The initialisers run in the order in which they are written, which is the order of the columns.
    private static SessionRecord ReadState(ref RowReader row, SessionRecord session) => session with
    {
        Ended = row.Bool(),
        Late = row.Bool(),
        Tty = row.Bool(),
        StartedAt = row.Int64(),
        EndedAt = row.NullableInt64(),
        StartedBoottime = row.UInt64(),
        ExitCode = row.NullableInt32(),
        Signal = row.NullableInt32(),
        Parent = row.NullableUuid(),
    };

    private static SessionRecord ReadPlace(ref RowReader row, SessionRecord session) => session with
    {
        Cluster = row.Text(),
        Node = row.Text(),
        Namespace = row.Text(),
        Pod = row.Text(),
        PodUid = row.Text(),
        ServiceAccount = row.Text(),
        Container = row.Text(),
        ContainerId = row.Text(),
        Image = row.Text(),
        Runtime = row.Text(),
        User = row.Text(),
        Uid = row.NullableUInt32(),
        Gid = row.NullableUInt32(),
        LoginUid = row.NullableUInt32(),
    };

    private static SessionRecord ReadProgram(ref RowReader row, SessionRecord session) => session with
    {
        Command = row.Texts(),
        Exe = row.Text(),
        Cwd = row.Text(),
        RootPid = row.NullableUInt32(),
        RootStart = row.NullableUInt64(),
        TerminalName = row.Text(),
        TerminalColumns = row.NullableUInt32(),
        TerminalRows = row.NullableUInt32(),
        Streams = ReadStreams(ref row),
        Labels = ReadLabels(ref row),
    };

    private static StreamSummary[] ReadStreams(ref RowReader row)
    {
        byte[] numbers = new byte[row.Count()];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = row.UInt8();
        string[] sources = row.Texts();
        return [.. numbers.Zip(sources, (number, source) => new StreamSummary(number, 0, 0, 0, null, false, source)).OrderBy(s => s.Stream)];
    }

    private static Dictionary<string, string> ReadLabels(ref RowReader row)
    {
        var labels = new Dictionary<string, string>();
        for (int left = row.Count(); left > 0; left--)
        {
            string name = row.Text();
            labels[name] = row.Text();
        }
        return labels;
    }
}

/// <summary>A row of <c>session_verdicts</c>.</summary>
internal sealed record VerdictRow(
    Guid Session, Verdict Verdict, Proof Proof, string[] Reasons, long? EndedAt, int? ExitCode, int? Signal, StreamSummary[] Streams)
{
    public const string Columns = "session, verdict, proof, reasons, ended_at, exit_code, signal, "
        + "arrayZip(streams, bytes, gaps, gap_bytes, length, stream_ended)";

    public static VerdictRow Read(ref RowReader row) => new(
        row.Uuid(), (Verdict)row.UInt8(), (Proof)row.UInt8(), row.Texts(), row.NullableInt64(), row.NullableInt32(), row.NullableInt32(),
        ReadStreams(ref row));

    public SessionRecord Apply(SessionRecord session)
    {
        Dictionary<byte, string?> sources = session.Streams.ToDictionary(stream => stream.Stream, stream => stream.Source);
        return session with
        {
            Ended = true,
            EndedAt = session.EndedAt ?? EndedAt,
            ExitCode = session.ExitCode ?? ExitCode,
            Signal = session.Signal ?? Signal,
            Verdict = Verdict,
            Proof = Proof,
            Reasons = Reasons,
            Streams = [.. Streams.Select(stream => stream with { Source = sources.GetValueOrDefault(stream.Stream) })],
        };
    }

    private static StreamSummary[] ReadStreams(ref RowReader row)
    {
        var streams = new StreamSummary[row.Count()];
        for (int i = 0; i < streams.Length; i++)
        {
            byte stream = row.UInt8();
            ulong bytes = row.UInt64(), gaps = row.UInt64(), gapBytes = row.UInt64(), length = row.UInt64();
            bool ended = row.Bool();
            streams[i] = new StreamSummary(stream, bytes, gaps, gapBytes, ended ? length : null, ended, null);
        }
        return streams;
    }
}
