using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources.Tenants;

/// <summary>What a tenant has.</summary>
public sealed record TenantStatus
{
    [Description("The generation of the tenant that the rest was said about.")]
    [Range(0, long.MaxValue)]
    public long? ObservedGeneration { get; init; }

    [Description("What is admitted: managers hold the tenant to it.")]
    public LeaseStatus? Lease { get; init; }

    [Description("Credits that the lease is to have; written as used is.")]
    public int Wanted { get; init; }

    [Description("What was measured; written with the rest, and alone at most once a minute.")]
    public UsedStatus? Used { get; init; }

    [Description("What holds.")]
    [MaxLength(16)]
    [List("map", "type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}
