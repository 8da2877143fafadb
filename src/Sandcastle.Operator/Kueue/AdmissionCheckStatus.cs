using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Kueue;

/// <summary>Whether somebody makes the check.</summary>
public sealed record AdmissionCheckStatus
{
    public IReadOnlyList<Condition> Conditions { get; init; } = [];
}
