namespace Sandcastle.Manager.Tenants;

/// <summary>Who makes a request, once that is proven.</summary>
/// <param name="Tenant">Who is charged.</param>
public sealed record Principal(string Tenant)
{
    /// <summary>The tenant of the key that the first start makes.</summary>
    public const string DefaultTenant = "default";
}
