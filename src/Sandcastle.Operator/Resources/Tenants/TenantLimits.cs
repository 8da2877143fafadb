using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources.Tenants;

/// <summary>What a tenant may have at once.</summary>
[Rule("!has(self.cpu) || quantity(string(self.cpu)).isGreaterThan(quantity('0'))", "cpu must be above 0")]
[Rule("!has(self.memory) || quantity(string(self.memory)).compareTo(quantity('1Mi')) >= 0", "memory must be at least 1Mi")]
[Rule("!has(self.runsPerSecond) || self.runsPerSecond > 0.0", "runsPerSecond must be above 0")] // A whole number is held against the whole part of a minimum alone.
public sealed record TenantLimits
{
    [Description("Runs under way.")]
    [Range(1, 1_000_000)]
    public int? ConcurrentRuns { get; init; }

    [Description("Processors, as a rate that is measured: it may be passed for a moment, and is paid back.")]
    public Quantity? Cpu { get; init; }

    [Description("The memory limits of the runs under way, together.")]
    public Quantity? Memory { get; init; }

    [Description("Runs that begin in a second.")]
    [Range(0.001, 1_000_000)]
    public double? RunsPerSecond { get; init; }
}
