using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources.Pools;

/// <summary>A taint that a Pod bears (core/v1).</summary>
public sealed record Toleration
{
    [Description("The taint's key; every one when absent.")]
    [MaxLength(316)]
    public string? Key { get; init; }

    [Description("How the value is compared; Equal when absent.")]
    [OneOf("Exists", "Equal")]
    public string? Operator { get; init; }

    [Description("The taint's value.")]
    [MaxLength(63)]
    public string? Value { get; init; }

    [Description("The taint's effect; every one when absent.")]
    [OneOf("NoSchedule", "PreferNoSchedule", "NoExecute")]
    public string? Effect { get; init; }

    [Description("How long a NoExecute taint is borne; for ever when absent.")]
    public long? TolerationSeconds { get; init; }
}
