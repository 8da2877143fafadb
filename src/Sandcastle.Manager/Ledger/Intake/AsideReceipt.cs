namespace Sandcastle.Manager.Ledger.Intake;

/// <summary>What a worker gave for a receipt and was not booked.</summary>
/// <param name="Worker">Whose journal it came from, by the name of its link.</param>
/// <param name="Reason">Why not.</param>
/// <param name="Text">What it was: JSON where it was a receipt.</param>
public sealed record AsideReceipt(string Worker, string Reason, string Text);
