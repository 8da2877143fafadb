using System.Collections.Frozen;
using Sandcastle.Manager.Tenants.Store;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Tenants;

/// <summary>Tenants of one machine, or of managers that share a ledger: those with terms of their own in the ledger's database, and one set of terms for all others. Safe for concurrent use.</summary>
internal sealed class StoredTenants(TenantOptions options) : ITenantDirectory
{
    private volatile FrozenDictionary<string, TenantTerms> _terms = FrozenDictionary<string, TenantTerms>.Empty;

    public event EventHandler? Changed;

    public IEnumerable<string> Names => _terms.Keys.Order(StringComparer.Ordinal);

    public TenantTerms Defaults => options.Defaults;

    public TenantTerms Of(string tenant) => _terms.GetValueOrDefault(tenant, options.Defaults);

    public TenantTerms? Find(string tenant) => _terms.GetValueOrDefault(tenant);

    /// <summary>These have terms of their own from now on, and no others.</summary>
    public void Take(IReadOnlyDictionary<string, TenantRequest> stored)
    {
        _terms = stored.ToFrozenDictionary(t => t.Key, t => TenantDocument.ToTerms(t.Value), StringComparer.Ordinal);
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
