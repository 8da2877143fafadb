namespace Sandcastle.Manager.Tenants;

/// <summary>Everybody has the same terms: for a worker's own edge, whose callers have been admitted by the manager that gave them a ticket.</summary>
internal sealed class OpenTenants(TenantOptions options) : ITenantDirectory
{
    public event EventHandler? Changed
    {
        add { }
        remove { }
    }

    public TenantTerms Of(string tenant) => options.Defaults;
}
