using System.Globalization;
using System.Text.Json;
using Sandcastle.Manager.Ledger.Books;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Daemon.Ledgers;

/// <summary>What a look through the books found, for people and for programs.</summary>
internal static class ProofReport
{
    private const double Gibi = 1L << 30;

    private static readonly RestJson Json = new(new JsonSerializerOptions(RestJson.Default.Options) { WriteIndented = true });

    public static void WriteText(LedgerProof proof, TextWriter output)
    {
        foreach (var check in proof.Checks)
        {
            output.WriteLine(check.Broken == 0 ? $"ok  {check.Promise}" : $"!!  {check.Promise}: {Number(check.Broken)} times not");
            foreach (var example in check.Examples)
            {
                output.WriteLine($"      {example}");
            }
        }

        output.WriteLine($"{Number(proof.Read.Receipts)} receipts, {Number(proof.Read.Transactions)} transactions");
        if (proof.Balances.Count == 0)
        {
            return;
        }

        var width = Math.Max("SOURCE".Length, proof.Balances.Max(b => b.Source.Length));
        output.WriteLine();
        output.WriteLine($"{"SOURCE".PadRight(width)}  {"",10}  {"RESERVED",14}  {"USED",14}  {"OVERHEAD",14}  {"IDLE",14}  USED/RESERVED");
        foreach (var b in proof.Balances)
        {
            output.WriteLine(Row(b.Source.PadRight(width), "cpu-s", 1e6, b.Reserved.CpuMicros, b.Used.CpuMicros, b.Overhead.CpuMicros, b.Idle.CpuMicros));
            output.WriteLine(Row(new string(' ', width), "GiB-s", Gibi, b.Reserved.ByteSeconds, b.Used.ByteSeconds, b.Overhead.ByteSeconds, b.Idle.ByteSeconds));
        }
    }

    public static void WriteJson(LedgerProof proof, Stream output)
    {
        JsonSerializer.Serialize(output, ProofAnswer.Of(proof), Json.LedgerProofResponse);
        output.WriteByte((byte)'\n');
    }

    private static string Row(string source, string unit, double scale, Int128 reserved, Int128 used, Int128 overhead, Int128 idle)
    {
        var share = reserved > 0 ? ((double)used / (double)reserved).ToString("P1", CultureInfo.InvariantCulture) : "";
        return $"{source}  {unit,-10}  {Amount(reserved)}  {Amount(used)}  {Amount(overhead)}  {Amount(idle)}  {share}".TrimEnd();

        string Amount(Int128 value) => ((double)value / scale).ToString("0.000", CultureInfo.InvariantCulture).PadLeft(14);
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
