namespace Recorder.Storage;

/// <summary>A batch whose form, hashes and place in its epoch the ingest has verified.</summary>
/// <param name="Bytes">The batch as FORMAT.md has it (not the message around it). Must stay unchanged until the write has returned.</param>
/// <param name="Hash">The batch hash, 32 bytes.</param>
public readonly record struct VerifiedBatch(ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> Hash);
