namespace Sandcastle.Bench.Reports;

/// <summary>What became of a row's bounds.</summary>
internal enum Verdict
{
    /// <summary>The row's must does not hold, or a promise without a number was broken.</summary>
    Missed,

    /// <summary>The must holds, the aim does not.</summary>
    Met,

    /// <summary>Must and aim hold.</summary>
    AimMet,

    /// <summary>Measured without a must; its aim, if it has one, does not hold.</summary>
    Reported,

    /// <summary>Not measured, because something it needs is not on this machine: the row says what.</summary>
    Skipped,

    /// <summary>Not measured, because something went wrong: the row says what.</summary>
    Failed,
}
