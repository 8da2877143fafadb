using System.Buffers;
using System.Globalization;
using System.Text;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Ledger.Export;

/// <summary>RFC 4180, with a line feed alone; what a spreadsheet would take for a formula begins with an apostrophe.</summary>
internal sealed class CsvReceipts : ReceiptFormat
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    public override string ContentType => "text/csv; charset=utf-8";

    private protected override string Header =>
        "run,tenant,template,profile,keep,worker,lot,started_at,outcome,exit_code,signal,cpu_micros,cpu_user_micros,cpu_system_micros,"
        + "rusage_cpu_micros,wall_micros,peak_memory_bytes,memory_byte_seconds,billed_byte_seconds,io_read_bytes,io_write_bytes,output_bytes";

    private protected override void Write(Receipt receipt, IBufferWriter<byte> output)
    {
        var billed = ReceiptRow.Whole(receipt.MemoryByteSeconds);
        Encoding.UTF8.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{receipt.Run},{Text(receipt.Tenant)},{Text(receipt.Template)},{Text(receipt.Profile)},{Text(receipt.Keep)},{Text(receipt.Worker)},{Text(receipt.Lot)},"
                + $"{receipt.StartedAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffff}Z,{WireNames<Outcome>.Of(receipt.Outcome)},{receipt.ExitCode},{receipt.Signal},"
                + $"{receipt.CpuMicros},{receipt.CpuUserMicros},{receipt.CpuSystemMicros},{receipt.RusageCpuMicros},{receipt.WallMicros},{receipt.PeakMemoryBytes},"
                + $"{receipt.MemoryByteSeconds:R},{billed},{receipt.IoReadBytes},{receipt.IoWriteBytes},{receipt.OutputBytes}"),
            output);
    }

    private static string Text(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var safe = text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' ? "'" + text : text;
        return safe.AsSpan().ContainsAny(Quoted) ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
