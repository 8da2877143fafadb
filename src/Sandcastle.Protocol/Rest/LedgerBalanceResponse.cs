namespace Sandcastle.Protocol.Rest;

/// <summary>Where the capacity of a lot or worker went: reserved = used + overhead + idle, in both goods.</summary>
/// <param name="Source"><c>lot/NAME</c> or <c>worker/NAME</c>.</param>
/// <param name="Reserved">What was there.</param>
/// <param name="Used">What receipts charge.</param>
/// <param name="Overhead">What nobody is charged for.</param>
/// <param name="Idle">What is left; below zero where runs are booked and what they ran in is not yet.</param>
public sealed record LedgerBalanceResponse(
    string Source, LedgerAmountResponse Reserved, LedgerAmountResponse Used, LedgerAmountResponse Overhead, LedgerAmountResponse Idle);
