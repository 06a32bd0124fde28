using System.Runtime.InteropServices;

namespace Recorder.Cli.Terminal;

/// <summary>The size of a terminal in characters, asked of the kernel: the console class would write to the terminal when it is first asked.</summary>
internal static partial class WindowSize
{
    private const nuint GetWindowSize = 0x5413; // TIOCGWINSZ, asm-generic/ioctls.h

    /// <summary>Null when the descriptor is no terminal. A terminal that does not know its size has 80 by 24.</summary>
    public static unsafe (int Columns, int Rows)? Of(int descriptor)
    {
        var size = default(Size);
        if (Control(descriptor, GetWindowSize, &size) != 0)
            return null;
        return (size.Columns == 0 ? 80 : size.Columns, size.Rows == 0 ? 24 : size.Rows);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Size
    {
        public ushort Rows;
        public ushort Columns;
        public ushort PixelWidth;
        public ushort PixelHeight;
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static unsafe partial int Control(int descriptor, nuint request, Size* size);
}
