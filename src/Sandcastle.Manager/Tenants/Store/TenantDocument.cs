using System.Text.Json;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Tenants.Store;

/// <summary>A tenant's terms as they are stored: the document of the REST interface, as the last one who set them wrote it.</summary>
internal static class TenantDocument
{
    /// <summary>A later version may have written more.</summary>
    private static readonly RestJson Lenient = new(new JsonSerializerOptions(RestJson.Default.Options)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip,
    });

    public static string Write(TenantRequest terms) => JsonSerializer.Serialize(terms, RestJson.Default.TenantRequest);

    public static TenantRequest Read(string json) => JsonSerializer.Deserialize(json, Lenient.TenantRequest)!;

    public static TenantTerms ToTerms(TenantRequest document) => new()
    {
        Weight = document.Weight ?? 1,
        ConcurrentRuns = document.Limits?.ConcurrentRuns,
        CpuMillis = document.Limits?.Cpus is { } cpus ? (long)Math.Round(cpus * 1000) : null,
        MemoryMib = document.Limits?.MemoryMiB,
        RunsPerSecond = document.Limits?.RunsPerSecond,
        Budget = new TenantBudget
        {
            Hour = Amount(document.Budget?.Hour),
            Day = Amount(document.Budget?.Day),
            Month = Amount(document.Budget?.Month),
        },
        Templates = document.Templates,
    };

    public static TenantRequest From(TenantTerms terms) => new()
    {
        Weight = terms.Weight,
        Limits = new TenantLimitsRequest
        {
            ConcurrentRuns = terms.ConcurrentRuns,
            Cpus = terms.CpuMillis / 1000.0,
            MemoryMiB = terms.MemoryMib,
            RunsPerSecond = terms.RunsPerSecond,
        },
        Budget = new TenantBudgetRequest { Hour = Amount(terms.Budget.Hour), Day = Amount(terms.Budget.Day), Month = Amount(terms.Budget.Month) },
        Templates = terms.Templates,
    };

    private static BudgetAmount Amount(BudgetAmountRequest? amount) => new(amount?.CpuSeconds, amount?.GibSeconds);

    private static BudgetAmountRequest? Amount(BudgetAmount amount) =>
        (amount.CpuSeconds ?? amount.GibSeconds) is null ? null : new BudgetAmountRequest { CpuSeconds = amount.CpuSeconds, GibSeconds = amount.GibSeconds };
}
