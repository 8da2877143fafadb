using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Jails.Wire;

namespace Sandcastle.Worker.Slots;

/// <summary>What a slot's counters stood at when it became ready, or its run began: to be subtracted from what they say at the end. One thread at a time.</summary>
internal sealed class SlotBaseline(SlotCgroup cgroup)
{
    internal CpuReading Cpu { get; private set; }

    /// <summary>How much of the cgroup's CPU time is in the worker's books: its preparation, then its waiting, then its run.</summary>
    internal TimeSpan AccountedCpu { get; private set; }

    internal long OomKills { get; private set; }

    internal long Memory { get; private set; }

    /// <summary>As the program said when it was ready.</summary>
    internal IoMessage Io { get; set; }

    internal void Read()
    {
        Cpu = cgroup.ReadCpu() ?? default;
        OomKills = cgroup.ReadOomKills() ?? 0;
        Memory = cgroup.ReadMemory() ?? 0;
        cgroup.ResetPeak();
    }

    /// <summary>All CPU time up to this is accounted for.</summary>
    /// <returns>What was not before.</returns>
    internal TimeSpan AccountUpTo(TimeSpan cpu)
    {
        var added = cpu - AccountedCpu;
        AccountedCpu = cpu;
        return added;
    }

    /// <summary>Its run was billed.</summary>
    internal void Account(TimeSpan cpu) => AccountedCpu += cpu;
}
