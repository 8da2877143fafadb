using System.ComponentModel;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources.Tenants;

/// <summary>What a tenant may use up in each calendar period (UTC).</summary>
[Rule("!has(self.hour) || !has(self.day) || !has(self.hour.cpuSeconds) || !has(self.day.cpuSeconds) || self.hour.cpuSeconds <= self.day.cpuSeconds", "an hour's cpuSeconds must not be above a day's")]
[Rule("!has(self.day) || !has(self.month) || !has(self.day.cpuSeconds) || !has(self.month.cpuSeconds) || self.day.cpuSeconds <= self.month.cpuSeconds", "a day's cpuSeconds must not be above a month's")]
[Rule("!has(self.hour) || !has(self.day) || !has(self.hour.gibSeconds) || !has(self.day.gibSeconds) || self.hour.gibSeconds <= self.day.gibSeconds", "an hour's gibSeconds must not be above a day's")]
[Rule("!has(self.day) || !has(self.month) || !has(self.day.gibSeconds) || !has(self.month.gibSeconds) || self.day.gibSeconds <= self.month.gibSeconds", "a day's gibSeconds must not be above a month's")]
public sealed record TenantBudget
{
    [Description("From a full hour to the next.")]
    public BudgetAmount? Hour { get; init; }

    [Description("From midnight to midnight.")]
    public BudgetAmount? Day { get; init; }

    [Description("From the first of a month to the next.")]
    public BudgetAmount? Month { get; init; }
}
