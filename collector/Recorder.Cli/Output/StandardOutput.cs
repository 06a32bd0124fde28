using System.Runtime.InteropServices;

namespace Recorder.Cli.Output;

/// <summary>The reader of standard output went away; nobody is told, the command just stops.</summary>
internal sealed class BrokenPipeException() : IOException("standard output was closed");

/// <summary>
/// Standard output by write(2): unlike the console's stream it notices when the reader has gone, and unlike a file stream it moves the offset that the
/// shell's other commands share.
/// </summary>
internal sealed partial class StandardOutput : Stream
{
    public const int Descriptor = 1;
    private const int Eintr = 4;
    private const int Eagain = 11;
    private const int Epipe = 32;
    private const short PollOut = 4;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override unsafe void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint written;
            fixed (byte* start = buffer)
                written = WriteTo(Descriptor, start, (nuint)buffer.Length);
            if (written >= 0)
                buffer = buffer[(int)written..];
            else
                Recover(Marshal.GetLastPInvokeError());
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    private static unsafe void Recover(int error)
    {
        switch (error)
        {
            case Eintr:
                return;
            case Eagain: // somebody made the terminal non-blocking
                var wait = new PollDescriptor { Number = Descriptor, Events = PollOut };
                _ = Poll(&wait, 1, 1000);
                return;
            case Epipe:
                throw new BrokenPipeException();
            default:
                throw new IOException($"can't write to standard output: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Number;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static unsafe partial nint WriteTo(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static unsafe partial int Poll(PollDescriptor* descriptors, nuint count, int timeoutMilliseconds);
}
