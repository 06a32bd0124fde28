using Recorder.Wire;

namespace Recorder.Agent.Masking;

/// <summary>Takes input in its order, once it is known what becomes of it. Offsets are the kernel's.</summary>
internal interface IInputSink
{
    /// <summary>Bytes to be written.</summary>
    void Kept(ulong time, ulong offset, DataFlags flags, ReadOnlySpan<byte> bytes);

    /// <summary>Bytes to be left out.</summary>
    void Masked(ulong time, ulong offset, ulong length);
}
