namespace Recorder.Kernel.Tests;

public sealed class KernelCheckTests
{
    private static readonly string[] s_programs =
    [
        "on_cgroup_attach", "on_exec", "on_fork", "on_exit", "on_sys_exit", "on_sys_enter_write", "scan_tasks", "close_session",
    ];

    [Fact]
    public void Check_ThisKernel_AcceptsEveryRequiredProgram()
    {
        KernelAccess.Require();

        CheckReport report = KernelCapture.Check();

        string text = string.Join('\n', report.Lines());
        report.Usable.ShouldBeTrue(text);
        report.HasBtf.ShouldBeTrue();
        report.CgroupMode.ShouldBeOneOf("v1", "v2", "hybrid");
        string[] names = [.. report.Programs.Select(p => p.Name)];
        s_programs.ShouldBeSubsetOf(names);
        text.ShouldContain("program     on_exec (required): accepted");
        text.ShouldEndWith("capture     possible");
    }

    [Fact]
    public void Check_RequiredProgramRefused_NamesItAndSaysNotPossible()
    {
        KernelAccess.Require();

        CheckReport report = new KernelCheck(Fixture.RefuseRequired).Run();

        report.Usable.ShouldBeFalse();
        string text = string.Join('\n', report.Lines());
        text.ShouldContain("program     on_cgroup_attach (required): refused: ");
        text.ShouldContain("invalid bpf_context access");
        text.ShouldContain("program     on_exec (required): accepted");
        text.ShouldEndWith("capture     not possible");
    }

    [Fact]
    public void Check_HookMissing_SaysAbsentAndStillPossible()
    {
        KernelAccess.Require();

        CheckReport report = new KernelCheck(Fixture.AbsentOptional).Run();

        report.Usable.ShouldBeTrue();
        string.Join('\n', report.Lines()).ShouldContain("program     absent_program (optional): absent: ");
    }
}
