namespace Sandcastle.Manager.Tenants.Store;

/// <summary>A tenant's row.</summary>
internal sealed record TenantRow
{
    public string Name { get; init; } = "";

    public string Terms { get; init; } = "";
}
