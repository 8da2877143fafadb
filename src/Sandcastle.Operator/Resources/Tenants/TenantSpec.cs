using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources.Tenants;

/// <summary>What a tenant may have.</summary>
public sealed record TenantSpec
{
    [Description("The LocalQueue, of the same namespace, that the lease is bought from.")]
    [MinLength(1)]
    [MaxLength(253)]
    [RegularExpression("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    [DefaultValue("retail")]
    public string QueueName { get; init; } = "retail";

    [Description("The share under overload, against the weights of others.")]
    [Range(1, 1000)]
    [DefaultValue(1)]
    public int Weight { get; init; } = 1;

    [Description("What it may have at once; what is absent is no limit.")]
    [DefaultValue("{}")]
    public TenantLimits Limits { get; init; } = new();

    [Description("What is leased whether it is used or not.")]
    [DefaultValue("{}")]
    public TenantFloor Floor { get; init; } = new();

    [Description("What it may use up in each calendar period, UTC; what is absent is no limit.")]
    [DefaultValue("{}")]
    public TenantBudget Budget { get; init; } = new();

    [Description("The templates that it may use; absent: all.")]
    [MaxLength(64)]
    [List("set")]
    [Items(MinLength = 1, MaxLength = 63, Pattern = "^[a-z][a-z0-9-]*$")]
    public IReadOnlyList<string>? Templates { get; init; }
}
