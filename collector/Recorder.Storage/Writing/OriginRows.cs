using Recorder.Wire;

namespace Recorder.Storage;

/// <summary>Rows about nodes and batches: <c>heartbeats</c>, <c>probes</c>, <c>unrecordable</c>, <c>batches</c>.</summary>
internal static class OriginRows
{
    public const string IntoHeartbeats = "heartbeats (origin, epoch, seq, ts, sessions, capture, ring_bytes, queue_bytes, queued_bytes, "
        + "program_names, program_states, program_details, counters)";

    public const string IntoProbes = "probes (origin, epoch, namespace, pod, container, container_id, command, seq, count, first, last)";

    public const string IntoUnrecordable = "unrecordable (origin, namespace, pod, container, container_id, runtime, reason, ts)";

    public const string IntoBatches = "batches (origin, epoch, number, first_seq, last_seq, hash, previous, boot_id, boottime, ts, received, "
        + "bytes, subjects, previous_heads, header)";

    public static void Append(RowWriter rows, BatchHeader batch, in FrameHeader frame, NodeFrame node)
    {
        rows.Uuid(batch.Origin);
        rows.Uuid(batch.Epoch);
        rows.UInt64(frame.Seq);
        rows.Int64(batch.WallTime(frame.BootTime));
        rows.NullableUInt64(node.Sessions);
        rows.Text(node.Capture ?? "");
        rows.NullableUInt64(node.RingBytes);
        rows.NullableUInt64(node.QueueBytes);
        rows.NullableUInt64(node.QueuedBytes);
        IReadOnlyList<ProgramState> programs = node.Programs ?? [];
        AppendAll(rows, programs, program => program.Name);
        AppendAll(rows, programs, program => program.State);
        AppendAll(rows, programs, program => program.Detail);
        rows.Length32(node.Counters?.Count ?? 0);
        foreach (var (name, value) in node.Counters ?? new Dictionary<string, ulong>())
        {
            rows.Text(name);
            rows.UInt64(value);
        }
        rows.EndRow();
    }

    public static void Append(RowWriter rows, BatchHeader batch, in FrameHeader frame, ProbesFrame probes)
    {
        rows.Uuid(batch.Origin);
        rows.Uuid(batch.Epoch);
        rows.Text(probes.Namespace ?? "");
        rows.Text(probes.Pod ?? "");
        rows.Text(probes.Container ?? "");
        rows.Text(probes.ContainerId ?? "");
        SessionRows.AppendTexts(rows, probes.Command);
        rows.UInt64(frame.Seq);
        rows.UInt64(probes.Count);
        rows.NullableInt64(probes.First is { } first ? batch.WallTime(first) : null);
        rows.NullableInt64(probes.Last is { } last ? batch.WallTime(last) : null);
        rows.EndRow();
    }

    public static void Append(RowWriter rows, BatchHeader batch, in FrameHeader frame, UnrecordableFrame unrecordable)
    {
        rows.Uuid(batch.Origin);
        rows.Text(unrecordable.Namespace ?? "");
        rows.Text(unrecordable.Pod ?? "");
        rows.Text(unrecordable.Container ?? "");
        rows.Text(unrecordable.ContainerId ?? "");
        rows.Text(unrecordable.Runtime ?? "");
        rows.Text(unrecordable.Reason);
        rows.Int64(batch.WallTime(frame.BootTime));
        rows.EndRow();
    }

    public static void Append(RowWriter rows, Batch batch, long received)
    {
        BatchHeader header = batch.Header;
        Span<byte> digest = stackalloc byte[WireLimits.Hash];
        rows.Uuid(header.Origin);
        rows.Uuid(header.Epoch);
        rows.UInt64(header.Number);
        rows.UInt64(header.FirstSeq);
        rows.UInt64(header.LastSeq);
        batch.Hash.CopyTo(digest);
        rows.Fixed(digest);
        header.Previous.CopyTo(digest);
        rows.Fixed(digest);
        rows.Uuid(header.BootId);
        rows.UInt64(header.BootTime);
        rows.Int64((long)header.RealTime);
        rows.Int64(received);
        rows.UInt64((ulong)batch.Bytes.Length);
        rows.Length32(batch.Sections.Count);
        foreach (BatchSection section in batch.Sections) rows.Uuid(section.Subject);
        rows.Length32(batch.Sections.Count);
        foreach (BatchSection section in batch.Sections)
        {
            section.PreviousHead.CopyTo(digest);
            rows.Fixed(digest);
        }
        rows.Bytes(HeaderBytes(batch.Bytes.Span));
        rows.EndRow();
    }

    // The batch is [header, sections]: the header's bytes are what the first value spans.
    private static ReadOnlySpan<byte> HeaderBytes(ReadOnlySpan<byte> batch)
    {
        var reader = new MessagePackReader(batch);
        reader.ReadArrayHeader();
        int start = reader.Position;
        reader.Skip();
        return reader.Since(start);
    }

    private static void AppendAll(RowWriter rows, IReadOnlyList<ProgramState> programs, Func<ProgramState, string> value)
    {
        rows.Length32(programs.Count);
        foreach (ProgramState program in programs) rows.Text(value(program));
    }
}
