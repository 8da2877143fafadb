namespace Sandcastle.Operator.Resources.Lots;

/// <summary>Where a lot is in its life.</summary>
public static class LotPhase
{
    public const string Pending = "Pending";

    public const string Admitted = "Admitted";

    public const string Running = "Running";

    public const string Draining = "Draining";

    public const string Released = "Released";

    public const string Finished = "Finished";
}
