using Recorder.Kernel;
using Recorder.Wire;

namespace Recorder.Agent.Sessions;

/// <summary>The frames of a stream, each at its stream offset.</summary>
internal sealed partial class RecordedStream
{
    /// <summary>A record that fills a hole. Its place is fixed by what follows, so a masked one can't be rounded up.</summary>
    private void WriteLate(ulong time, ulong offset, ulong length, ulong shift, bool masked, KernelDataFlags flags, ReadOnlySpan<byte> bytes)
    {
        if (masked)
        {
            WriteGap(time, offset + shift, length, GapReason.Policy, GapPlace.Agent, time, time);
            return;
        }

        WriteSlices(time, offset + shift, ToWire(flags), bytes);
        if (length > (ulong)bytes.Length)
            WriteGap(time, offset + shift + (ulong)bytes.Length, length - (ulong)bytes.Length, GapReason.Truncated, GapPlace.Kernel, time, time);
    }

    private void WriteKept(ulong time, ulong offset, DataFlags flags, ReadOnlySpan<byte> bytes)
    {
        CloseRun(time);
        WriteSlices(time, offset + Shift, flags, bytes);
    }

    private void WriteSlices(ulong time, ulong offset, DataFlags flags, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var slice = bytes[..Math.Min(bytes.Length, WireLimits.Data)];
            _sink.Data(_owner.Id, time, Stream, offset, flags, slice);
            offset += (ulong)slice.Length;
            bytes = bytes[slice.Length..];
        }
    }

    private void WriteHoles()
    {
        while (_holes.Count > 0)
            WriteHole(_holes.TakeFirst());
    }

    private void WriteHole(in StreamHole hole) =>
        WriteGap(hole.To, hole.Start + hole.Shift, hole.End - hole.Start, GapReason.RingFull, GapPlace.Kernel, hole.From, hole.To);

    private void WriteGap(ulong time, ulong offset, ulong? length, GapReason reason, GapPlace place, ulong from, ulong to) =>
        _sink.Gap(_owner.Id, time, new GapFrame(Stream, offset, length, reason, place, Math.Min(from, to), to));
}
