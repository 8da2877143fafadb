using Sandcastle.Protocol.Rest;

namespace Sandcastle.Operator.Retail;

/// <summary>What managers last said, by tenant. Readers see one whole answer or the next. Thread-safe.</summary>
internal sealed class UseBoard(TimeSpan time)
{
    private static readonly TenantUse Nothing = new();

    private volatile Answer _last = new(DateTimeOffset.MinValue, new Dictionary<string, TenantUse>());

    /// <summary>Null while nobody knows: no manager has answered lately. Tenants that managers do not name do nothing.</summary>
    internal TenantUse? Of(string tenant, DateTimeOffset now)
    {
        var last = _last;
        return last.Time == DateTimeOffset.MinValue || now > last.Time + time ? null : last.Tenants.GetValueOrDefault(tenant, Nothing);
    }

    /// <returns>The tenants of which something else is said than before.</returns>
    internal IReadOnlyList<string> Take(IReadOnlyList<TenantUsesResponse> answers, DateTimeOffset at)
    {
        var before = _last.Tenants;
        var tenants = answers.SelectMany(answer => answer.Tenants).GroupBy(tenant => tenant.Tenant, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, TenantUse.Sum, StringComparer.Ordinal);
        _last = new Answer(at, tenants);
        return [.. tenants.Keys.Union(before.Keys).Where(name => tenants.GetValueOrDefault(name, Nothing) != before.GetValueOrDefault(name, Nothing))];
    }

    private sealed record Answer(DateTimeOffset Time, IReadOnlyDictionary<string, TenantUse> Tenants);
}
