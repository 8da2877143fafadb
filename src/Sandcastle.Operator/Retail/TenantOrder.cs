using Sandcastle.Operator.Resources.Tenants;

namespace Sandcastle.Operator.Retail;

/// <summary>Which Tenant of a namespace counts: manager and operator must agree.</summary>
internal static class TenantOrder
{
    internal static IEnumerable<Tenant> Sort(IEnumerable<Tenant> tenants) =>
        tenants.OrderBy(tenant => tenant.Metadata.CreationTimestamp).ThenBy(tenant => tenant.Metadata.Name, StringComparer.Ordinal);

    internal static Tenant Oldest(IEnumerable<Tenant> tenants) => Sort(tenants).First();
}
