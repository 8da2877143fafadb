namespace Sandcastle.Faults.Receipts;

/// <summary>How far a receipt has come on its way from the worker's journal into the ledger.</summary>
public enum Step
{
    /// <summary>In the journal; its run was answered.</summary>
    Written,

    /// <summary>The manager has it.</summary>
    Offered,

    /// <summary>The ledger has it, and the worker does not know.</summary>
    Committed,

    /// <summary>The worker was told.</summary>
    Acknowledged,
}
