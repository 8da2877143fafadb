using Sandcastle.Linux.Errors;
using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Slots;

namespace Sandcastle.Worker.Runs;

/// <summary>
/// The last readings of a slot. One that fails is 0 and is named as unavailable, with the reason: a receipt with a gap is worth more
/// than none.
/// </summary>
internal sealed class SlotReadings(Slot slot)
{
    private List<(string Figure, FigureSource Source)>? _failed;

    internal CpuReading Cpu() => Read(static c => c.ReadCpu(), slot.Baseline.Cpu, "cpuMicros", "cpuUserMicros", "cpuSystemMicros");

    internal long Peak() => Read(static c => c.ReadPeak(), 0, "peakMemoryBytes");

    internal long OomKills() => Read(static c => c.ReadOomKills(), 0);

    /// <summary>The sources of the figures, those that failed put right.</summary>
    internal IReadOnlyDictionary<string, FigureSource> Correct(IReadOnlyDictionary<string, FigureSource> sources)
    {
        if (_failed is null)
        {
            return sources;
        }

        var corrected = new Dictionary<string, FigureSource>(sources, StringComparer.Ordinal);
        foreach (var (figure, source) in _failed)
        {
            corrected[figure] = source;
        }

        return corrected;
    }

    private T Read<T>(Func<SlotCgroup, T?> reading, T otherwise, params ReadOnlySpan<string> figures)
        where T : struct
    {
        try
        {
            return reading(slot.Cgroup) ?? otherwise;
        }
        catch (Exception e) when (e is LinuxException or InvalidDataException)
        {
            foreach (var figure in figures)
            {
                (_failed ??= []).Add((figure, new FigureSource(e.Message, FigureKind.Unavailable)));
            }

            return otherwise;
        }
    }
}
