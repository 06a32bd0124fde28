using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Recorder.Kernel.Interop;

namespace Recorder.Kernel.Host;

/// <summary>
/// The numbers of classic tracepoints. They stand in tracefs; where none is mounted, a private instance is made that
/// no path leads to (fsopen, fsmount), so that nothing changes on the host.
/// </summary>
internal static unsafe class Tracepoints
{
    private const int FsOpen = 430; // the same on every architecture
    private const int FsConfig = 431;
    private const int FsMount = 432;
    private const int ConfigCreate = 6;

    private static readonly string[] s_mounts = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];

    /// <summary>A tracepoint's number; -1 where this kernel has none of that name or tracefs can't be read.</summary>
    public static int FindId(string category, string name)
    {
        string relative = $"events/{category}/{name}/id";
        string? mounted = s_mounts.Select(m => Path.Combine(m, relative)).FirstOrDefault(File.Exists);
        if (mounted is not null)
            return Parse(File.ReadAllText(mounted));
        using KernelHandle? private_ = OpenPrivate();
        return private_ is null ? -1 : ReadAt(private_, relative);
    }

    /// <summary>Opens an event that a tracing program can be linked to.</summary>
    /// <exception cref="CaptureException">The kernel refused.</exception>
    public static KernelHandle OpenEvent(int id)
    {
        // struct perf_event_attr: type, size, config; the rest is zero. Version 0 of it has 64 bytes.
        const int AttributeSize = 64;
        const uint TypeTracepoint = 2;
        const int CloseOnExec = 8;
        byte* attribute = stackalloc byte[AttributeSize];
        new Span<byte>(attribute, AttributeSize).Clear();
        ((uint*)attribute)[0] = TypeTracepoint;
        ((uint*)attribute)[1] = AttributeSize;
        ((ulong*)attribute)[1] = (ulong)id;
        int number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 241 : 298;
        nint fd = LibC.SysCall(number, (nint)attribute, -1, 0, -1, CloseOnExec);
        return KernelHandle.Take((int)fd, $"perf_event_open of tracepoint {id.ToString(CultureInfo.InvariantCulture)}");
    }

    private static KernelHandle? OpenPrivate()
    {
        fixed (byte* type = "tracefs\0"u8)
        {
            int context = (int)LibC.SysCall(FsOpen, (nint)type, 1, 0, 0, 0);
            if (context < 0)
                return null;
            using var owner = new KernelHandle(context);
            if (LibC.SysCall(FsConfig, context, ConfigCreate, 0, 0, 0) != 0)
                return null;
            int mount = (int)LibC.SysCall(FsMount, context, 1, 0, 0, 0);
            return mount < 0 ? null : new KernelHandle(mount);
        }
    }

    private static int ReadAt(KernelHandle root, string relative)
    {
        int fd = LibC.OpenAt(root, relative, LibC.OpenCloseOnExec);
        if (fd < 0)
            return -1;
        using var file = new KernelHandle(fd);
        byte* text = stackalloc byte[32];
        nint length = LibC.Read(file, text, 32);
        return length <= 0 ? -1 : Parse(Encoding.ASCII.GetString(text, (int)length));
    }

    private static int Parse(string text) =>
        int.TryParse(text.AsSpan().Trim(), CultureInfo.InvariantCulture, out int id) ? id : -1;
}
