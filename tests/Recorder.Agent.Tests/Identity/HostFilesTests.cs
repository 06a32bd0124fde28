using System.Diagnostics;
using System.Text;
using Recorder.Agent.Identity;

namespace Recorder.Agent.Tests.Identity;

public sealed class HostFilesTests : IDisposable
{
    private readonly HostTree _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Read_AbsoluteLink_StaysInTheRoot()
    {
        _host.With("/run/data", "inside").WithLink("/var/run", "/run");
        Encoding.UTF8.GetString(_host.Files.Read("/var/run/data", 100)!).ShouldBe("inside");
    }

    [Fact]
    public void Read_LinkOutOfTheRoot_FindsNothing()
    {
        _host.WithLink("/escape", "/etc/passwd").WithLink("/climb", "../../../../../../etc/passwd");
        _host.Files.Read("/escape", 1 << 20).ShouldBeNull();
        _host.Files.Read("/climb", 1 << 20).ShouldBeNull();
    }

    [Fact]
    public void Read_LargerThanTheLimit_IsRefused()
    {
        _host.With("/big", new string('x', 10_001));
        _host.Files.Read("/big", 10_000).ShouldBeNull();
        _host.Files.Read("/big", 10_001)!.Length.ShouldBe(10_001);
    }

    [Fact]
    public void Read_FifoInPlaceOfAFile_DoesNotWait()
    {
        using var made = Process.Start("mkfifo", Path.Join(_host.Root, "pipe"));
        made.WaitForExit();
        _host.Files.Read("/pipe", 100).ShouldBeNull();
    }

    [Fact]
    public void Read_Directory_IsNoFile()
    {
        _host.With("/dir/x", "");
        _host.Files.Read("/dir", 100).ShouldBeNull();
    }

    [Fact]
    public void ReadInside_RootOfAProcess_FollowsNoLinkOutside()
    {
        _host.With("/proc/7/root/etc/real", "root:x:0:0::/:/bin/sh\n").WithLink("/proc/7/root/etc/passwd", "real")
            .WithLink("/proc/8/root/etc/passwd", "../../../../../../../../etc/passwd").With("/proc/8/root/x", "");
        var users = new UserNames(_host.Files);
        users.InContainer(7, 0).ShouldBe("root");
        users.InContainer(8, 0).ShouldBeNull();
        users.InContainer(9, 0).ShouldBeNull();
    }

    [Theory]
    [InlineData("root:x:0:0:root:/root:/bin/sh\nweb:x:33:33::/:\n", 33U, "web")]
    [InlineData("root:x:0:0:root:/root:/bin/sh", 1U, null)]
    [InlineData("\u001b[31mevil:x:5:5::/:\n", 5U, null)]
    [InlineData("short\n::\nx:y:z\na:b:7", 7U, "a")]
    [InlineData("a:b:99999999999:1\n", 1215752191U, null)]
    [InlineData("", 0U, null)]
    public void Passwd_Line_NamesTheUser(string passwd, uint uid, string? name) => UserNames.Find(Encoding.UTF8.GetBytes(passwd), uid).ShouldBe(name);
}
