namespace Sandcastle.Manager.Ledger.Usage;

/// <summary>What was had in an interval, widened to the spans in which that is kept.</summary>
/// <param name="From">Not after what was asked.</param>
/// <param name="To">Not before what was asked.</param>
/// <param name="Rows">By hour or day where that was asked; by lot what is reserved, by tenant what is leased, where that was.</param>
public sealed record HoldingsAnswer(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<HoldingRow> Rows);
