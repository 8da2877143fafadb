using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Sandcastle.Operator.Resources.Tenants;

/// <summary>The least that is leased.</summary>
public sealed record TenantFloor
{
    [Description("Credits; one is 100 millicpu and 256 MiB. 0: a tenant that does nothing has no lease, and its first run waits for one.")]
    [Range(0, 1_000_000)]
    [DefaultValue(4)]
    public int Credits { get; init; } = 4;
}
