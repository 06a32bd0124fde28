using System.Buffers.Binary;
using Recorder.Kernel.Host;

namespace Recorder.Kernel.Programs;

/// <summary>Writes the constants of the programs into the object's .rodata before the load.</summary>
internal static class KernelSettings
{
    public const string Section = ".rodata";

    public static void Apply(BpfObject obj, CaptureOptions options, HostFacts host)
    {
        obj.SetEntries("events", (uint)options.RingBytes);
        Span<byte> section = obj.InitialValue(Section);
        Set(obj, section, "record_terminals", options.HostTerminals ? 1u : 0);
        Set(obj, section, "mask_echo_off", options.MaskEchoOff ? 1u : 0);
        Set(obj, section, "lazy_capture", options.Mode == CaptureMode.Lazy ? 1u : 0);
        Set(obj, section, "wake_bytes", (uint)options.WakeBytes);
        Set(obj, section, "force_cgroup_v1", options.ForceCgroupV1 ? 1u : 0);
        Set(obj, section, "host_pid_ns", host.PidNamespace);
        Set(obj, section, "host_mnt_ns", host.MountNamespace);
        if (obj.Types.FindVariable(Section, "host_devpts") is not null)
            Set(obj, section, "host_devpts", host.Devpts);
    }

    private static void Set(BpfObject obj, Span<byte> section, string name, ulong value)
    {
        Interop.BtfMember v = obj.Types.FindVariable(Section, name)
            ?? throw new CaptureException($"the kernel programs have no setting {name}");
        Span<byte> place = section.Slice((int)v.Offset, (int)v.Size);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        bytes[..place.Length].CopyTo(place);
    }
}
