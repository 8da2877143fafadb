using Sandcastle.Faults.Loads;
using Sandcastle.Faults.Servers;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Faults.Chaos;

/// <summary>What is wrong with how requests ended, and with what was billed for them. Nothing, where the promises hold.</summary>
public sealed class Judgement(IReadOnlyCollection<RequestEnd> ends, Marks marks, IReadOnlyDictionary<string, string> ledger)
{
    /// <summary>What the death of any process of ours may make of a program.</summary>
    private static readonly Outcome[] Disturbed = [Outcome.Interrupted, Outcome.Signaled, Outcome.Failed];

    /// <summary>Refusals that say that nothing was started, or that it was and we failed.</summary>
    private static readonly RefusalKind[] Typed = [RefusalKind.NoCapacity, RefusalKind.TemplateUnavailable, RefusalKind.Internal];

    public IReadOnlyList<string> Faults =>
    [
        .. ends.Where(end => end.Fate == Fate.Hung).Select(end => $"hung: {end}"),
        .. ends.Where(end => end.Wrong is not null).Select(end => $"wrong answer: {end}"),
        .. ends.Where(end => end.Fate == Fate.Answered && !IsPossible(end)).Select(end => $"impossible outcome: {end}"),
        .. ends.Where(end => end.Refusal is { } kind && !Typed.Contains(kind)).Select(end => $"refused for no reason: {end}"),
        .. ends.Where(end => marks.Count(end.Program.Token) > 1).Select(end => $"began {marks.Count(end.Program.Token)} times: {end}"),
        .. ends.Where(end => end.Outcome == Outcome.Succeeded && marks.Count(end.Program.Token) == 0).Select(end => $"succeeded without beginning: {end}"),
        .. ends.Where(end => end.Refusal is not null and not RefusalKind.Internal && marks.Count(end.Program.Token) > 0).Select(end => $"began and was refused: {end}"),
        .. ends.Where(end => end.Fate == Fate.Answered && !IsBilledAs(end)).Select(end => $"ledger has {ledger.GetValueOrDefault(end.Run!)}: {end}"),
        // A start is told when the job is about to be given: a slot that dies in that moment never had it, and without a client nobody tries another.
        .. ends.Where(end => end.Fate is Fate.Left or Fate.Broken && end.Run is not null && marks.Count(end.Program.Token) > 0 && !ledger.ContainsKey(end.Run)).Select(end => $"not billed: {end}"),
        .. ends.Where(end => end.Run is not null).GroupBy(end => end.Run).Where(group => group.Count() > 1).Select(group => $"one run for two requests: {group.Key}"),
        .. UnnamedReceipts(),
    ];

    /// <summary>
    /// Receipts of runs whose number no client was told belong to requests that broke off: at least one for each of these whose program
    /// began, at most one for each.
    /// </summary>
    private IEnumerable<string> UnnamedReceipts()
    {
        var named = ends.Select(end => end.Run).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var unnamed = ledger.Keys.Count(run => !named.Contains(run));
        var nameless = ends.Where(end => end.Run is null && (end.Fate is Fate.Broken || end.Refusal == RefusalKind.Internal)).ToList();
        var begun = nameless.Count(end => end.Fate == Fate.Broken && marks.Count(end.Program.Token) > 0);
        if (unnamed < begun || unnamed > nameless.Count)
        {
            yield return $"{nameless.Count} requests ended without a run's number, the programs of {begun} had begun, and there are {unnamed} receipts for them";
        }
    }

    private static bool IsPossible(RequestEnd end) => end.Outcome == end.Program.Expected || Disturbed.Contains(end.Outcome!.Value);

    /// <summary>The ledger's words are the wire's: <c>timed_out</c>.</summary>
    private bool IsBilledAs(RequestEnd end) =>
        ledger.TryGetValue(end.Run!, out var outcome) && outcome.Replace("_", "", StringComparison.Ordinal).Equals($"{end.Outcome}", StringComparison.OrdinalIgnoreCase);
}
