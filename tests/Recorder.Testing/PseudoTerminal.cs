using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Recorder.Testing;

/// <summary>A terminal that a test holds the master of, with a program on its other side.</summary>
public sealed partial class PseudoTerminal : IDisposable
{
    private const int ReadWrite = 2;
    private const int NoControllingTerminal = 0x100;
    private const int CloseOnExec = 0x80000;
    private const ulong SetWindowSize = 0x5414;
    private const int WindowChanged = 28;

    private readonly SafeFileHandle master;
    private readonly MemoryStream output = new();
    private readonly Lock gate = new();
    private readonly Thread reader;
    private ChildProcess? child;

    /// <summary>Opens a terminal of the given size.</summary>
    public PseudoTerminal(ushort rows, ushort columns)
    {
        int descriptor = OpenMaster(ReadWrite | NoControllingTerminal | CloseOnExec);
        Check(descriptor);
        master = new SafeFileHandle(descriptor, ownsHandle: true);
        Check(Grant(descriptor));
        Check(Unlock(descriptor));
        SetSize(rows, columns);
        reader = new Thread(ReadAll) { IsBackground = true, Name = "terminal" };
    }

    /// <summary>Everything the terminal showed so far.</summary>
    public byte[] Output
    {
        get
        {
            lock (gate)
            {
                return output.ToArray();
            }
        }
    }

    /// <summary>The program on it.</summary>
    public ChildProcess Child => child ?? throw new InvalidOperationException("nothing was started");

    /// <summary>Starts a program with this as its controlling terminal.</summary>
    public void Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        string slave = SlaveName();
        string[] shell = ["-c", "slave=$1; shift; exec setsid --ctty \"$@\" <>\"$slave\" >&0 2>&0", "sh", slave, program, .. arguments];
        child = ChildProcess.Start("/bin/sh", shell, environment);
        reader.Start();
    }

    /// <summary>Types text.</summary>
    public void Send(string text) => Send(Encoding.UTF8.GetBytes(text));

    /// <summary>Types bytes.</summary>
    public unsafe void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            nint count;
            fixed (byte* start = bytes)
            {
                count = Write(master, start, (nuint)bytes.Length);
            }

            Check((int)count);
            bytes = bytes[(int)count..];
        }
    }

    /// <summary>Waits until the terminal showed the text, from the given place on.</summary>
    public async Task ExpectAsync(string text, int from = 0) =>
        await Wait.UntilAsync(
            () => Encoding.UTF8.GetString(Output.AsSpan(Math.Min(from, Output.Length))).Contains(text, StringComparison.Ordinal),
            Wait.Limit,
            () => $"'{text}' on the terminal, which showed:\n{Encoding.UTF8.GetString(Output)}");

    /// <summary>Changes the window's size, as a terminal program would.</summary>
    public void Resize(ushort rows, ushort columns)
    {
        SetSize(rows, columns);
        child?.Signal(WindowChanged);
    }

    /// <summary>Waits for the program's end; its exit code.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await Wait.UntilAsync(() => Child.HasExited, Wait.Limit, () => $"the program's end; the terminal showed:\n{Encoding.UTF8.GetString(Output)}");
        reader.Join(TimeSpan.FromSeconds(5));
        return Child.ExitCode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        child?.Dispose();
        master.Dispose();
        output.Dispose();
    }

    private static void Check(int result)
    {
        if (result < 0)
        {
            throw new IOException($"pseudo-terminal: errno {Marshal.GetLastPInvokeError()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static partial int Grant(int descriptor);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static partial int Unlock(int descriptor);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    private static unsafe partial int Name(int descriptor, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static unsafe partial int Control(int descriptor, ulong request, ushort* size);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static unsafe partial nint Read(SafeFileHandle descriptor, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint Write(SafeFileHandle descriptor, byte* buffer, nuint size);

    private unsafe string SlaveName()
    {
        byte* name = stackalloc byte[64];
        Check(-Name((int)master.DangerousGetHandle(), name, 64));
        return Marshal.PtrToStringUTF8((nint)name)!;
    }

    private unsafe void SetSize(ushort rows, ushort columns)
    {
        ushort* size = stackalloc ushort[] { rows, columns, 0, 0 };
        Check(Control((int)master.DangerousGetHandle(), SetWindowSize, size));
    }

    private unsafe void ReadAll()
    {
        byte[] buffer = new byte[65536];
        try
        {
            while (true)
            {
                nint count;
                fixed (byte* start = buffer)
                {
                    count = Read(master, start, (nuint)buffer.Length);
                }

                if (count > 0)
                {
                    lock (gate)
                    {
                        output.Write(buffer, 0, (int)count);
                    }
                }
                else if (child!.HasExited)
                {
                    return;
                }
                else
                {
                    // EIO until the slave side was opened for the first time.
                    Thread.Sleep(20);
                }
            }
        }
        catch (ObjectDisposedException)
        {
            // The test ended first.
        }
    }
}
