using System.Globalization;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Ledger.Books;

/// <summary>A proof as its readers get it, of a server and of the ledger itself alike.</summary>
public static class ProofAnswer
{
    public static LedgerProofResponse Of(LedgerProof proof) => new()
    {
        Holds = proof.Holds,
        Receipts = proof.Read.Receipts,
        Transactions = proof.Read.Transactions,
        Checks = [.. proof.Checks.Select(check => new LedgerCheckResponse(check.Promise, check.Broken, check.Examples))],
        Balances =
        [
            .. proof.Balances.Select(balance => new LedgerBalanceResponse(
                balance.Source, Amount(balance.Reserved), Amount(balance.Used), Amount(balance.Overhead), Amount(balance.Idle))),
        ],
    };

    private static LedgerAmountResponse Amount((Int128 CpuMicros, Int128 ByteSeconds) amount) =>
        new(amount.CpuMicros.ToString(CultureInfo.InvariantCulture), amount.ByteSeconds.ToString(CultureInfo.InvariantCulture));
}
