using Recorder.Kernel.Interop;
using Recorder.Kernel.Programs;

namespace Recorder.Kernel.Maps;

/// <summary>Map <c>counters</c>: one u64 for each meaning and CPU.</summary>
internal sealed unsafe class CounterMap(KernelHandle map)
{
    private readonly uint _entries = ObjectInfo.ReadMap(map).MaxEntries;
    private readonly int _cpus = LibBpf.PossibleCpus();

    /// <summary>Reads all; <paramref name="failures"/> is how many look-ups failed (they count as 0).</summary>
    public KernelCounters Read(out int failures)
    {
        failures = 0;
        var totals = new ulong[KernelCounters.Count];
        var perCpu = new ulong[Math.Max(1, _cpus)];
        for (uint i = 0; i < Math.Min(_entries, (uint)totals.Length); i++)
        {
            fixed (ulong* values = perCpu)
            {
                if (LibBpf.MapLookup(map, &i, values) < 0)
                {
                    failures++;
                    continue;
                }
            }
            foreach (ulong value in perCpu)
                totals[i] += value;
        }
        return new KernelCounters(totals);
    }
}
