namespace Sandcastle.Manager.Ledger.Usage;

/// <summary>What usage can be summed up by.</summary>
public enum UsageDimension
{
    Tenant,
    Template,
    Outcome,

    /// <summary>The lot that paid; the worker where there is none.</summary>
    Lot,

    /// <summary>The hour (UTC) in which a run started.</summary>
    Hour,

    /// <summary>The day (UTC) in which a run started.</summary>
    Day,
}
