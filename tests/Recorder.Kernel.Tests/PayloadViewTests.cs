using System.Runtime.InteropServices;
using System.Text;

namespace Recorder.Kernel.Tests;

public sealed class PayloadViewTests
{
    private static readonly int s_head = Marshal.SizeOf<KernelStart>();

    [Fact]
    public void StartView_WholePayload_GivesEveryString()
    {
        byte[] payload = Start("/kubepods/pod1/abc", "sh\0-c\0ls\0", "/bin/busybox", "/root");

        StartView.TryParse(payload, out StartView view).ShouldBeTrue();

        Text(view.Container).ShouldBe("abcdef");
        Text(view.Cgroup).ShouldBe("/kubepods/pod1/abc");
        Text(view.Process.Argv).ShouldBe("sh\0-c\0ls\0");
        Text(view.Process.Exe).ShouldBe("/bin/busybox");
        Text(view.Process.Cwd).ShouldBe("/root");
        view.Start.Kind.ShouldBe(KernelKind.Exec);
        view.Start.Has(KernelStream.Out).ShouldBeTrue();
        view.Start.Has(KernelStream.Err).ShouldBeFalse();
        view.Process.Process.Pid.ShouldBe(42U);
        view.Process.Process.Comm.ToString().ShouldBe("sh");
    }

    [Fact]
    public void StartView_EveryPrefix_IsRefused()
    {
        byte[] payload = Start("/cg", "a\0", "/b", "/c");

        for (int length = 0; length < payload.Length; length++)
            StartView.TryParse(payload.AsSpan(0, length), out _).ShouldBeFalse($"{length} bytes");
    }

    [Fact]
    public void ExecView_EveryPrefix_IsRefused()
    {
        byte[] start = Start("", "a\0", "/b", "/c");
        byte[] payload = start[(s_head - Marshal.SizeOf<KernelProcess>())..];

        ExecView.TryParse(payload, out ExecView view).ShouldBeTrue();
        Text(view.Exe).ShouldBe("/b");
        for (int length = 0; length < payload.Length; length++)
            ExecView.TryParse(payload.AsSpan(0, length), out _).ShouldBeFalse($"{length} bytes");
    }

    [Fact]
    public void Views_RandomBytes_NeverReadOutside()
    {
        var random = new Random(7);
        var payload = new byte[2048];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(payload);
            ReadOnlySpan<byte> some = payload.AsSpan(0, random.Next(payload.Length));
            if (StartView.TryParse(some, out StartView start))
                (start.Cgroup.Length + start.Process.Argv.Length + start.Process.Exe.Length + start.Process.Cwd.Length).ShouldBeLessThanOrEqualTo(some.Length);
            if (ExecView.TryParse(some, out ExecView exec))
                (exec.Argv.Length + exec.Exe.Length + exec.Cwd.Length).ShouldBeLessThanOrEqualTo(some.Length);
            if (KernelConnect.TryParse(some, out KernelConnect connect))
                ((int)connect.PathSize).ShouldBeLessThanOrEqualTo(connect.Address.Bytes.Length);
        }
    }

    [Fact]
    public void Lifecycle_ShortPayload_IsRefused()
    {
        KernelFork.TryParse(new byte[31], out _).ShouldBeFalse();
        KernelExit.TryParse(new byte[15], out _).ShouldBeFalse();
        KernelConnect.TryParse(new byte[10], out _).ShouldBeFalse();
        KernelFork.TryParse(new byte[32], out _).ShouldBeTrue();
    }

    private static byte[] Start(string cgroup, string argv, string exe, string cwd)
    {
        KernelContainerName container = default;
        "abcdef"u8.CopyTo(container);
        KernelComm comm = default;
        "sh"u8.CopyTo(comm);
        var start = new KernelStart
        {
            Kind = KernelKind.Exec,
            CgroupSize = (ushort)cgroup.Length,
            Streams = 3,
            Container = container,
            Process = new KernelProcess
            {
                Pid = 42,
                Comm = comm,
                ArgvSize = (ushort)argv.Length,
                ExeSize = (ushort)exe.Length,
                CwdSize = (ushort)cwd.Length,
            },
        };
        var payload = new byte[s_head];
        MemoryMarshal.Write(payload, in start);
        return [.. payload, .. Encoding.UTF8.GetBytes(cgroup + argv + exe + cwd)];
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
