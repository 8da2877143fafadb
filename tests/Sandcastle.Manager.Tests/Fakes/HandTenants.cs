using System.Collections.Concurrent;
using Sandcastle.Manager.Tenants;

namespace Sandcastle.Manager.Tests.Fakes;

/// <summary>Tenants whose terms a test sets.</summary>
internal sealed class HandTenants : ITenantDirectory
{
    private static readonly TenantTerms Open = new();

    private readonly ConcurrentDictionary<string, TenantTerms> _terms = new(StringComparer.Ordinal);

    public event EventHandler? Changed;

    public IEnumerable<string> Names => _terms.Keys;

    public TenantTerms Of(string tenant) => _terms.GetValueOrDefault(tenant, Open);

    public void Set(string tenant, TenantTerms terms)
    {
        _terms[tenant] = terms;
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
