using Recorder.Agent.Check;
using Recorder.Kernel;

namespace Recorder.Agent.Tests.Hosting;

public sealed class MissingFeaturesTests
{
    [Fact]
    public void Of_SeveralThingsMissing_NamesEach()
    {
        CheckReport report = Report(
            hasBtf: false,
            new ProgramStatus("on_exec", "tp_btf/sched_process_exec", true, ProgramState.Absent, "no such hook"),
            new ProgramStatus("on_fork", "tp_btf/sched_process_fork", true, ProgramState.Refused, "invalid access"),
            new ProgramStatus("on_uring", "tp_btf/io_uring_complete", false, ProgramState.Absent, "no such hook"));

        MissingFeatures.Of(report).ShouldBe(
        [
            "it does not describe its types: /sys/kernel/btf/vmlinux is missing (CONFIG_DEBUG_INFO_BTF)",
            "program on_exec (tp_btf/sched_process_exec) is absent: no such hook",
            "program on_fork (tp_btf/sched_process_fork) is refused: invalid access",
        ]);
    }

    [Fact]
    public void Of_AllThere_IsEmpty() =>
        MissingFeatures.Of(Report(hasBtf: true, new ProgramStatus("on_exec", "x", true, ProgramState.Loaded, ""))).ShouldBeEmpty();

    private static CheckReport Report(bool hasBtf, params ProgramStatus[] programs) => new()
    {
        Kernel = "5.4.0",
        HasBtf = hasBtf,
        HasBpffs = true,
        CgroupMode = "v2",
        MissingCapabilities = [],
        Programs = programs,
        Problems = [],
    };
}
