using System.Buffers;
using Recorder.Agent.Uplink;
using Recorder.Wire;

namespace Recorder.Agent.Pipeline;

/// <summary>How what is queued moves to a new epoch.</summary>
internal sealed partial class FrameQueue
{
    /// <summary>
    /// Numbers every queued frame anew, in its old order, as the first of another epoch. The old epoch ends with what was acknowledged in it.
    /// </summary>
    /// <param name="fresh">Of the new epoch, and empty; owned from now on.</param>
    public void BeginEpoch(BatchBuilder fresh)
    {
        Cut();
        IReadOnlyList<QueuedBatch> kept = _queue.Restart();
        _builder.Dispose();
        _builder = fresh;
        foreach (QueuedBatch batch in kept)
        {
            Renumber(Batch.Read(batch.Memory));
            _queue.Release(batch);
        }

        _urgent = true;
    }

    private void Renumber(Batch batch)
    {
        List<(ulong Seq, ReadOnlyMemory<byte> Bytes)> frames = [];
        foreach (BatchSection section in batch.Sections)
        {
            int offset = 0;
            foreach (Frame frame in new FrameReader(section.Frames.Span))
            {
                frames.Add((frame.Header.Seq, section.Frames.Slice(offset, frame.Bytes.Length)));
                offset += frame.Bytes.Length;
            }
        }

        frames.Sort((left, right) => left.Seq.CompareTo(right.Seq));
        foreach ((_, ReadOnlyMemory<byte> bytes) in frames)
        {
            FrameReader reader = new(bytes.Span);
            reader.MoveNext();
            Append(reader.Current);
        }
    }

    private void Append(Frame frame)
    {
        IBufferWriter<byte> output = Begin(frame.Header.Subject, frame.Bytes.Length);
        MessagePackWriter writer = new(output);
        writer.WriteArrayHeader(HeaderElements + frame.Elements);
        writer.WriteUInt64((byte)frame.Header.Type);
        writer.WriteUInt64(_builder.NextSeq);
        writer.WriteUInt64(frame.Header.BootTime);
        writer.WriteUuid(frame.Header.Subject);
        writer.WriteRaw(frame.BodyBytes);
        writer.Flush();
        _builder.EndFrame();
    }
}
