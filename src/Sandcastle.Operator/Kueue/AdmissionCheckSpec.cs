namespace Sandcastle.Operator.Kueue;

/// <summary>Whose check it is.</summary>
public sealed record AdmissionCheckSpec
{
    public string ControllerName { get; init; } = "";
}
