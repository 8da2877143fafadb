using System.Text;
using Sandcastle.Faults.Loads;
using Sandcastle.Faults.Looks;

namespace Sandcastle.Faults.Chaos;

/// <summary>What was done, and what became of it, to read.</summary>
public sealed record ChaosReport
{
    public required int Seed { get; init; }

    public required TimeSpan Duration { get; init; }

    public required IReadOnlyDictionary<Servers.ProcessKind, int> Killed { get; init; }

    public required IReadOnlyCollection<RequestEnd> Ends { get; init; }

    public required int Receipts { get; init; }

    public required Picture Before { get; init; }

    public required Picture After { get; init; }

    public required DaemonMemory MemoryBefore { get; init; }

    public required DaemonMemory MemoryAfter { get; init; }

    public required IReadOnlyList<string> Faults { get; init; }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine($"chaos: seed {Seed}, {Duration.TotalSeconds} s");
        text.AppendLine($"killed: {Killed.Values.Sum()}: {Counts(Killed.OrderBy(k => k.Key).Select(k => (k.Key.ToString(), k.Value)))}");
        text.AppendLine($"requests: {Ends.Count}: {Counts(Count(Ends.Select(end => end.Fate.ToString())))}");
        text.AppendLine($"answered: {Counts(Count(Ends.Where(end => end.Outcome is not null).Select(end => end.Outcome.ToString()!)))}");
        text.AppendLine($"refused: {Counts(Count(Ends.Where(end => end.Refusal is not null).Select(end => $"{end.Refusal} ({end.Detail})")))}");
        text.AppendLine($"programs: {Counts(Count(Ends.Select(end => end.Program.Name)))}");
        text.AppendLine($"receipts in the ledger: {Receipts}");
        text.AppendLine($"memory before: {MemoryBefore}");
        text.AppendLine($"memory after:  {MemoryAfter}");
        text.AppendLine($"there before:\n{Before}");
        text.AppendLine($"there after: {(After == Before ? "the same" : Before.Difference(After))}");
        text.AppendLine($"faults: {Faults.Count}");
        Faults.Take(50).ToList().ForEach(fault => text.AppendLine("  " + fault));
        return text.ToString();
    }

    private static IEnumerable<(string Name, int Count)> Count(IEnumerable<string> names) =>
        names.GroupBy(name => name, StringComparer.Ordinal).OrderByDescending(group => group.Count()).Select(group => (group.Key, group.Count()));

    private static string Counts(IEnumerable<(string Name, int Count)> counts) => string.Join(", ", counts.Select(c => $"{c.Count} {c.Name}"));
}
