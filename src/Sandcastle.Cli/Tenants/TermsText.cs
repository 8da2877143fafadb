using System.Globalization;
using Sandcastle.Cli.Tables;
using Sandcastle.Cli.Units;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Tenants;

/// <summary>A tenant's terms for people.</summary>
internal static class TermsText
{
    private const int MiB = 20;
    private const string None = "-";

    /// <summary>Weight, runs, CPUs, memory, rate, budget, templates.</summary>
    public static string[] Cells(TenantRequest terms) =>
    [
        Text(terms.Weight ?? 1),
        Text(terms.Limits?.ConcurrentRuns),
        Text(terms.Limits?.Cpus),
        Memory(terms.Limits?.MemoryMiB),
        Text(terms.Limits?.RunsPerSecond),
        Budget(terms.Budget) is { Length: > 0 } budget ? budget : None,
        terms.Templates is { } templates ? PlainText.Of(string.Join(',', templates)) : "all",
    ];

    public static IEnumerable<(string Field, string Value)> Lines(TenantResponse tenant)
    {
        yield return ("tenant", tenant.Stored ? tenant.Name : $"{tenant.Name} (no terms of its own: these are the defaults)");
        string[] names = ["weight", "concurrent runs", "cpus", "memory", "runs per second", "budget", "templates"];
        foreach (var (field, value) in names.Zip(Cells(tenant)))
        {
            yield return (field, value == None ? "no limit" : value);
        }

        if (tenant.Lease is { } lease)
        {
            yield return ("lease", $"{Text(lease.Cpus)} CPUs, {Memory(lease.MemoryMiB)}{(lease.Waiting is { } why ? $"; {PlainText.Of(why)}" : "")}");
        }
    }

    private static string Budget(TenantBudgetRequest? budget) =>
        string.Join(' ', new[] { Amount("hour", budget?.Hour), Amount("day", budget?.Day), Amount("month", budget?.Month) }.Where(text => text.Length > 0));

    private static string Amount(string period, BudgetAmountRequest? amount)
    {
        string?[] parts =
        [
            amount?.CpuSeconds is { } cpu ? $"{Text(cpu)} CPU-s" : null,
            amount?.GibSeconds is { } gib ? $"{Text(gib)} GiB-s" : null,
        ];
        var text = string.Join('+', parts.OfType<string>());
        return text.Length == 0 ? "" : $"{text}/{period}";
    }

    private static string Memory(long? mebibytes) => mebibytes is { } most ? ByteSize.Format(most << MiB) : None;

    private static string Text(double? value) => value is { } number ? number.ToString("0.###", CultureInfo.InvariantCulture) : None;
}
