using Recorder.Kernel.Host;
using Recorder.Kernel.Interop;

namespace Recorder.Kernel.Tests;

/// <summary>A bpffs of the test's own, gone with everything in it at the end.</summary>
internal sealed partial class PinSandbox : IDisposable
{
    private const int DetachNow = 2;

    private readonly string _mount;

    public PinSandbox()
    {
        KernelAccess.Require();
        _mount = System.IO.Directory.CreateTempSubdirectory("recorder-pins-").FullName;
        LibC.Mount("bpf", _mount, "bpf", 0, null).ShouldBe(0, Errno.DescribeLast());
        Bpffs.Contains(_mount).ShouldBeTrue();
    }

    public string Directory => Path.Combine(_mount, "recorder");

    public IReadOnlyList<string> Layouts =>
        System.IO.Directory.Exists(Directory) ? System.IO.Directory.GetDirectories(Directory) : [];

    public void Dispose()
    {
        _ = UMount(_mount, DetachNow);
        System.IO.Directory.Delete(_mount);
    }

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = System.Runtime.InteropServices.StringMarshalling.Utf8)]
    private static partial int UMount(string target, int flags);
}
