using System.Reflection;
using System.Runtime.InteropServices;
using Recorder.Kernel.Interop;
using Recorder.Kernel.Maps;
using Recorder.Kernel.Programs;

namespace Recorder.Kernel.Tests;

/// <summary>Every struct and enumeration that crosses the kernel's border, against the object's own types.</summary>
public sealed class EventLayoutTests : IDisposable
{
    private readonly BpfObject _object = new(EmbeddedObject.Read());

    public static TheoryData<Type, string> Structs => new()
    {
        { typeof(KernelEvent), "recorder_event" },
        { typeof(KernelProcess), "recorder_process" },
        { typeof(KernelStdio), "recorder_stdio" },
        { typeof(KernelStart), "recorder_start" },
        { typeof(KernelFork), "recorder_fork" },
        { typeof(KernelExit), "recorder_exit" },
        { typeof(KernelConnect), "recorder_connect" },
        { typeof(KernelSession), "recorder_session" },
        { typeof(ContainerValue), "recorder_container" },
    };

    public static TheoryData<Type, string, string> Enums => new()
    {
        { typeof(KernelEventType), "recorder_event_type", "RECORDER_" },
        { typeof(KernelStream), "recorder_stream", "RECORDER_" },
        { typeof(KernelKind), "recorder_kind", "RECORDER_KIND_" },
        { typeof(KernelGapReason), "recorder_gap_reason", "RECORDER_GAP_" },
        { typeof(KernelEndCause), "recorder_end_cause", "RECORDER_END_" },
        { typeof(KernelDataFlags), "recorder_data_flags", "RECORDER_DATA_" },
        { typeof(KernelProcessFlags), "recorder_process_flags", "RECORDER_" },
        { typeof(KernelSource), "recorder_source", "RECORDER_SOURCE_" },
        { typeof(KernelCounter), "recorder_counter", "RECORDER_COUNT_" },
    };

    /// <summary>C names whose C# name is not the same word.</summary>
    private static readonly Dictionary<string, string> s_names = new(StringComparer.Ordinal)
    {
        ["recorder_event.size"] = "PayloadSize",
        ["recorder_event.seq"] = "Sequence",
        ["recorder_process.ppid"] = "ParentPid",
        ["recorder_process.ns_pid"] = "NamespacePid",
        ["recorder_process.euid"] = "EffectiveUid",
        ["recorder_process.egid"] = "EffectiveGid",
        ["recorder_process.pid_ns"] = "PidNamespace",
        ["recorder_process.mnt_ns"] = "MountNamespace",
        ["recorder_start.stdio"] = "Input",
        ["recorder_fork.ppid"] = "ParentPid",
        ["recorder_fork.ns_pid"] = "NamespacePid",
        ["recorder_session.seq"] = "NextSequence",
        ["recorder_session.bytes"] = "Totals",
        ["recorder_session.queued"] = "QueuedIn",
        ["recorder_container.mnt_ns"] = "MountNamespace",
        ["recorder_container.pid_ns"] = "PidNamespace",
    };

    private static readonly Dictionary<string, string> s_values = new(StringComparer.Ordinal)
    {
        ["RECORDER_END_EOF"] = "EndOfFile",
    };

    public void Dispose() => _object.Dispose();

    [Theory]
    [MemberData(nameof(Structs))]
    public void Struct_EveryField_LiesWhereTheProgramsPutIt(Type type, string name)
    {
        IReadOnlyList<BtfMember> members = _object.Types.FindStruct(name, out uint size).ShouldNotBeNull();

        ((uint)Marshal.SizeOf(type)).ShouldBe(size);
        foreach (BtfMember member in members)
        {
            string ours = s_names.GetValueOrDefault($"{name}.{member.Name}") ?? Pascal(member.Name);
            FieldInfo field = Field(type, ours).ShouldNotBeNull($"{name}.{member.Name}: no {ours} in {type.Name}");
            ((uint)Marshal.OffsetOf(type, field.Name)).ShouldBe(member.Offset, $"offset of {name}.{member.Name}");
            (SizeOf(field.FieldType) * Repeats($"{name}.{member.Name}")).ShouldBe((int)member.Size, $"size of {name}.{member.Name}");
        }
    }

    [Theory]
    [MemberData(nameof(Enums))]
    public void Enum_EveryValue_IsTheProgramsOwn(Type type, string name, string prefix)
    {
        using BpfObject fixture = Fixture.Open(Fixture.Plain); // the programs' own types lack enumerations that no variable has
        IReadOnlyDictionary<string, int> values = fixture.Types.FindEnum(name).ShouldNotBeNull();

        foreach ((string key, int value) in values.Where(v => v.Key is not ("RECORDER_STREAMS" or "RECORDER_COUNTERS")))
        {
            string ours = s_values.GetValueOrDefault(key) ?? Pascal(key[prefix.Length..]);
            Enum.TryParse(type, ours, out object? parsed).ShouldBeTrue($"{key}: no {ours} in {type.Name}");
            Convert.ToInt32(parsed, System.Globalization.CultureInfo.InvariantCulture).ShouldBe(value, key);
        }
    }

    [Fact]
    public void SessionFields_Names_AreTheProgramsOwnInOrder()
    {
        IReadOnlyList<BtfMember> members = _object.Types.FindStruct("recorder_session", out _)!;

        SessionFields.Ours.ShouldBe(members.Select(m => (m.Name, (int)m.Size)));
    }

    [Fact]
    public void Start_Container_LiesAtTheConstant() =>
        KernelStart.ContainerOffset.ShouldBe((int)_object.Types.FindStruct("recorder_start", out _)!.Single(m => m.Name == "container").Offset);

    [Fact]
    public void Counters_Count_IsTheProgramsOwn()
    {
        using BpfObject fixture = Fixture.Open(Fixture.Plain);
        fixture.Types.FindEnum("recorder_counter")!["RECORDER_COUNTERS"].ShouldBe(KernelCounters.Count);
    }

    private static int Repeats(string member) =>
        member is "recorder_start.stdio" or "recorder_session.queued" ? 3 : 1;

    private static int SizeOf(Type type) => Marshal.SizeOf(type.IsEnum ? Enum.GetUnderlyingType(type) : type);

    private static FieldInfo? Field(Type type, string name)
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        return type.GetField($"<{name}>k__BackingField", Any) ?? type.GetField(name, Any);
    }

    private static string Pascal(string snake) => string.Concat(
        snake.ToLowerInvariant().Split('_').Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
}
