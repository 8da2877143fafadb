using System.Text;
using Sandcastle.Faults.Loads;

namespace Sandcastle.Faults.Soak;

/// <summary>What was run, and how what is there moved with it, to read.</summary>
public sealed record SoakReport
{
    private const double MiB = 1 << 20;

    /// <summary>The first is taken after the warm-up.</summary>
    public required IReadOnlyList<Sample> Samples { get; init; }

    public required IReadOnlyCollection<RequestEnd> Ends { get; init; }

    public required int Receipts { get; init; }

    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>Slope of a figure, per 1,000 runs, without the warm-up.</summary>
    public double PerThousand(Func<Sample, double> figure) => 1000 * Slope.Of([.. Samples.Select(s => ((double)s.Runs, figure(s)))]);

    public override string ToString()
    {
        var (first, last) = (Samples[0], Samples[^1]);
        var runs = last.Runs - first.Runs;
        var took = last.At - first.At;
        var text = new StringBuilder();
        text.AppendLine($"soak: {Ends.Count} runs, {first.Runs} of them to warm up; {runs} in {took.TotalSeconds:0} s, {runs / took.TotalSeconds:0} a second, with {Samples.Count} pauses to look");
        foreach (var group in Ends.GroupBy(end => end.Program.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            text.AppendLine($"  {group.Key}: {string.Join(", ", group.GroupBy(end => end.Outcome?.ToString() ?? $"{end.Fate}").Select(o => $"{o.Count()} {o.Key}"))}");
        }

        text.AppendLine($"receipts in the ledger: {Receipts}");
        text.AppendLine("figure | first | last | slope per 1,000 runs");
        Row(text, "daemon: resident memory, MiB", s => s.Memory.RssBytes / MiB);
        Row(text, "daemon: anonymous memory, MiB", s => s.Memory.AnonymousBytes / MiB);
        Row(text, "daemon: threads, the pool's included", s => s.Threads);
        Row(text, "kernel: slab, MiB", s => s.Kernel.SlabBytes / MiB);
        Row(text, "kernel: slab that cannot be reclaimed, MiB", s => s.Kernel.UnreclaimableBytes / MiB);
        Row(text, "kernel: per-CPU memory, MiB", s => s.Kernel.PerCpuBytes / MiB);
        Row(text, "kernel: memory cgroups, the removed that are still held included", s => s.Kernel.MemoryCgroups ?? double.NaN);
        Row(text, "kernel memory charged to the daemon's cgroup, MiB", s => s.Kernel.DaemonKernelBytes / MiB ?? double.NaN);
        text.AppendLine($"there at the first look:\n{first.Picture}");
        text.AppendLine($"there at the last look: {(last.Picture == first.Picture ? "the same" : first.Picture.Difference(last.Picture))}");
        foreach (var other in Samples.Skip(1).SkipLast(1).Select(s => first.Picture.Difference(s.Picture)).Where(d => d.Length > 0).CountBy(d => d))
        {
            text.AppendLine($"in {other.Value} of {Samples.Count - 2} looks between: {other.Key}");
        }

        text.AppendLine($"faults: {Faults.Count}");
        Faults.Take(50).ToList().ForEach(fault => text.AppendLine("  " + fault));
        return text.ToString();
    }

    private void Row(StringBuilder text, string name, Func<Sample, double> figure) =>
        text.AppendLine($"{name} | {figure(Samples[0]):0.0} | {figure(Samples[^1]):0.0} | {PerThousand(figure):+0.000;-0.000}");
}
