using Recorder.Agent.Identity;

namespace Recorder.Agent.Tests.Identity;

public sealed class CgroupPathTests
{
    private const string Id = "72bd7a574350d33032a840ca7e9385a7573b87ee4c551bd69046e2e742d028fe";
    private const string Outer = "0000000000000000000000000000000000000000000000000000000000000001";
    private const string Uid = "77d5e317-270a-4b07-8590-81be3fe54b1c";
    private const string Underscored = "77d5e317_270a_4b07_8590_81be3fe54b1c";
    private const string StaticUid = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData($"/kubepods/besteffort/pod{Uid}/{Id}", Id, Uid, null)]
    [InlineData($"/kubepods/pod{StaticUid}/{Id}", Id, StaticUid, null)]
    [InlineData($"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{Underscored}.slice/cri-containerd-{Id}.scope", Id, Uid, "containerd")]
    [InlineData($"/kubepods.slice/kubepods-pod{Underscored}.slice/crio-{Id}.scope", Id, Uid, "cri-o")]
    [InlineData($"/kubepods.slice/kubepods-pod{Underscored}.slice/crio-{Id}.scope/container", Id, Uid, "cri-o")]
    [InlineData($"/kubepods.slice/kubepods-pod{Underscored}.slice/docker-{Id}.scope", Id, Uid, "docker")]
    [InlineData($"/system.slice/containerd.service/kubepods-besteffort-pod{Underscored}.slice:cri-containerd:{Id}", Id, Uid, "containerd")]
    [InlineData($"/docker/{Id}", Id, null, "docker")]
    [InlineData($"/system.slice/docker-{Id}.scope", Id, null, "docker")]
    [InlineData($"/machine.slice/libpod-{Id}.scope/container", Id, null, "podman")]
    [InlineData($"/kubepods/pod{Uid}/{Id}/init.scope/x", Id, Uid, null)]
    [InlineData($"/docker/{Outer}/kubepods/besteffort/pod{Uid}/{Id}", Id, Uid, null)]
    [InlineData($"/kubepods.slice/kubepods-pod{Underscored}.slice/crio-conmon-{Id}.scope", null, Uid, null)]
    [InlineData($"/kubepods/besteffort/pod{Uid}", null, Uid, null)]
    [InlineData("/user.slice/user-0.slice/session-1.scope", null, null, null)]
    [InlineData("/default/web", null, null, null)]
    [InlineData("", null, null, null)]
    [InlineData("/kubepods/podnonsense/xyz", null, null, null)]
    public void Cgroup_EveryForm_IsRead(string path, string? id, string? uid, string? runtime) =>
        CgroupPath.Parse(path).ShouldBe(new CgroupPath(id, uid, runtime));

    [Theory]
    [InlineData("web-1_x.y", true)]
    [InlineData(Id, true)]
    [InlineData("..", false)]
    [InlineData(".hidden", false)]
    [InlineData("a/b", false)]
    [InlineData("a\0b", false)]
    [InlineData("", false)]
    public void ContainerId_ForAPath_IsSafeOrRefused(string text, bool safe) => ContainerId.IsSafe(text).ShouldBe(safe);
}
