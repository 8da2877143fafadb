using System.Globalization;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Tenants.Enforcement;

/// <summary>A refusal for a tenant's limits: one sentence that names the limit, its value and what is used of it.</summary>
internal static class HoldSentence
{
    /// <summary>Where nobody knows when it helps: a lease grows when somebody else decides so.</summary>
    private static readonly TimeSpan Unknown = TimeSpan.FromSeconds(10);

    /// <summary>A line moves on with its tenant's runs.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>Called with the account's lock held.</summary>
    /// <param name="account">The tenant.</param>
    /// <param name="order">The run.</param>
    /// <param name="held">What holds it back.</param>
    /// <param name="place">Its place in the line when its time was up; null for one that did not wait.</param>
    public static Refusal Refuse(TenantAccount account, RunOrder order, Hold held, int? place)
    {
        var text = Text(account.Tenant, account.Figures(), order, held);
        return new Refusal
        {
            Kind = RefusalKind.QuotaExceeded,
            Detail = place is null ? text : Invariant($"{text}; it has waited as long as it asked to, and was number {place} in its tenant's line"),
            RetryAfter = held.For == HeldFor.MemoryOfOne ? null : held.Until ?? (held.For == HeldFor.Line ? Soon : Unknown),
            Position = place,
        };
    }

    public static Refusal LineIsFull(TenantAccount account, int most, Hold held) => new()
    {
        Kind = RefusalKind.QuotaExceeded,
        Detail = Invariant($"{most} runs of tenant '{account.Tenant}' wait already, as many as may"),
        RetryAfter = held.Until ?? Soon,
    };

    private static string Text(string tenant, TenantFigures figures, RunOrder order, Hold held)
    {
        var (hold, terms) = (figures.Hold, figures.Hold.Terms);
        var asked = order.Limits.MemoryBytes >> 20;
        return held.For switch
        {
            HeldFor.Budget => Budget(tenant, terms.Budget, figures.Spent!),
            HeldFor.MemoryOfOne => Invariant($"the run asks for {asked} MiB of memory, and tenant '{tenant}' may have {terms.MemoryMib} MiB in all (limits.memoryMiB)"),
            HeldFor.ConcurrentRuns => Invariant($"tenant '{tenant}' has {figures.Running} runs under way, as many as it may (limits.concurrentRuns {terms.ConcurrentRuns}{Part(hold)})"),
            HeldFor.Memory => Invariant($"runs of tenant '{tenant}' under way may use {figures.Committed >> 20} MiB of memory, this one asks for {asked} MiB more, and ")
                + (held.OfLease ? Lease(terms.Lease!, Invariant($"{terms.Lease!.MemoryMib} MiB"), hold) : Invariant($"it may have {terms.MemoryMib} MiB at once (limits.memoryMiB{Part(hold)})")),
            HeldFor.Cpu => Invariant($"tenant '{tenant}' has used its CPU {Math.Max(0, figures.CpuDebtSeconds):0.###} s ahead, and ")
                + (held.OfLease ? Lease(terms.Lease!, Invariant($"{terms.Lease!.CpuMillis / 1000.0:0.###} CPUs"), hold) : Invariant($"it may have {terms.CpuMillis / 1000.0:0.###} CPUs (limits.cpus{Part(hold)})")),
            HeldFor.RunsPerSecond => Invariant($"tenant '{tenant}' has started as many runs as it may for now (limits.runsPerSecond {terms.RunsPerSecond}{Part(hold)})"),
            _ => Invariant($"{figures.Waiting} runs of tenant '{tenant}' wait already"),
        };
    }

    private static string Budget(string tenant, TenantBudget budget, PeriodUse spent)
    {
        var amount = BudgetCalendar.Of(budget, spent.Period);
        var name = spent.Period switch { BudgetPeriod.Hour => "hour", BudgetPeriod.Day => "day", _ => "month" };
        var used = spent.CpuSeconds >= (amount.CpuSeconds ?? double.PositiveInfinity)
            ? Invariant($"{spent.CpuSeconds:0.###} of {amount.CpuSeconds} CPU-seconds of this {name}'s budget (budget.{name}.cpuSeconds)")
            : Invariant($"{spent.GibSeconds:0.###} of {amount.GibSeconds} GiB-seconds of this {name}'s budget (budget.{name}.gibSeconds)");
        return Invariant($"tenant '{tenant}' has used {used}; the next begins at {spent.End:yyyy-MM-dd'T'HH:mm:ss'Z'}");
    }

    private static string Lease(TenantLease lease, string amount, TenantHold hold) =>
        $"{amount} are leased to it{Part(hold)}" + (lease.Waiting is { } why ? $": {why}" : "");

    private static string Part(TenantHold hold) => hold.Part.Count == 1 ? "" : Invariant($", of which this one of {hold.Part.Count} managers holds its part");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
