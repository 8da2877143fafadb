using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Sandcastle.Operator.Resources.Pools;

/// <summary>When workers come and go.</summary>
public sealed record PoolScaling
{
    [Description("Per cent of the slots that may be busy before there are more workers.")]
    [Range(1, 100)]
    [DefaultValue(70)]
    public int TargetUtilization { get; init; } = 70;

    [Description("How long there may be too few slots before a lot is asked for.")]
    [DefaultValue("2s")]
    public Duration ScaleUpWindow { get; init; } = new(TimeSpan.FromSeconds(2));

    [Description("How long there must be too many before a worker goes.")]
    [DefaultValue("2m")]
    public Duration ScaleDownQuiet { get; init; } = new(TimeSpan.FromMinutes(2));

    [Description("How long an evicted lot's busy sandboxes may go on.")]
    [DefaultValue("30s")]
    public Duration DrainGrace { get; init; } = new(TimeSpan.FromSeconds(30));
}
