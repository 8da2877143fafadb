using System.Globalization;
using Sandcastle.Cli.Tables;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Ledgers;

/// <summary>A server's proof of its ledger, for people.</summary>
internal static class ProofText
{
    private const double Micros = 1e6;
    private const double Gibi = 1L << 30;

    public static void Write(LedgerProofResponse proof)
    {
        foreach (var check in proof.Checks)
        {
            Console.Out.WriteLine(PlainText.Of(check.Broken == 0 ? $"ok  {check.Promise}" : $"!!  {check.Promise}: {Number(check.Broken)} times not"));
            foreach (var example in check.Examples)
            {
                Console.Out.WriteLine($"      {PlainText.Of(example)}");
            }
        }

        Console.Out.WriteLine($"{Number(proof.Receipts)} receipts, {Number(proof.Transactions)} transactions");
        if (proof.Balances.Count == 0)
        {
            return;
        }

        Console.Out.WriteLine();
        var listing = new Listing("SOURCE", "", ">RESERVED", ">USED", ">OVERHEAD", ">IDLE", ">USED/RESERVED");
        foreach (var balance in proof.Balances)
        {
            listing.Add(Row(balance.Source, "cpu-s", Micros, balance, amount => amount.CpuMicros));
            listing.Add(Row("", "GiB-s", Gibi, balance, amount => amount.ByteSeconds));
        }

        listing.Write();
    }

    private static string[] Row(string source, string unit, double scale, LedgerBalanceResponse balance, Func<LedgerAmountResponse, string> good)
    {
        var (reserved, used) = (Of(balance.Reserved), Of(balance.Used));
        return
        [
            source, unit, Amount(reserved), Amount(used), Amount(Of(balance.Overhead)), Amount(Of(balance.Idle)),
            reserved > 0 ? (used / reserved).ToString("P1", CultureInfo.InvariantCulture) : "",
        ];

        double Of(LedgerAmountResponse amount) => double.Parse(good(amount), CultureInfo.InvariantCulture) / scale;
    }

    private static string Amount(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
