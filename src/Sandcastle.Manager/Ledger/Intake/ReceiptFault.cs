namespace Sandcastle.Manager.Ledger.Intake;

/// <summary>Why a receipt is not booked.</summary>
/// <param name="Kind">One of few words, for a metric's label.</param>
/// <param name="Reason">Half a sentence that names the figure and its limit.</param>
internal sealed record ReceiptFault(string Kind, string Reason);
