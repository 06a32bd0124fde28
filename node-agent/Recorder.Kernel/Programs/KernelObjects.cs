using Recorder.Kernel.Interop;

namespace Recorder.Kernel.Programs;

/// <summary>The descriptors of one load: programs, maps, and why a program is not among them.</summary>
internal sealed class KernelObjects : IDisposable
{
    public required IReadOnlyList<ProgramSpec> Specs { get; init; }

    public required IReadOnlyDictionary<string, KernelHandle> Programs { get; init; }

    public required IReadOnlyDictionary<string, KernelHandle> Maps { get; init; }

    /// <summary>Programs that are not loaded, with the state to report.</summary>
    public required IReadOnlyDictionary<string, ProgramStatus> Unavailable { get; init; }

    /// <summary>CLOCK_BOOTTIME nanoseconds of the load, from the kernel.</summary>
    public ulong LoadTime => Programs.Values.Select(ObjectInfo.ReadLoadTime).DefaultIfEmpty().Max();

    public KernelHandle Map(string name) => Maps.TryGetValue(name, out KernelHandle? map)
        ? map
        : throw new CaptureException($"the kernel programs have no map {name}");

    public void Dispose()
    {
        foreach (KernelHandle handle in Programs.Values.Concat(Maps.Values))
            handle.Dispose();
    }
}
