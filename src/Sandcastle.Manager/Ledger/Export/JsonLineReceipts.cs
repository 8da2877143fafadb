using System.Buffers;
using System.Text.Json;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Ledger.Export;

/// <summary>One JSON object a line, with limits and the source of each figure.</summary>
internal sealed class JsonLineReceipts : ReceiptFormat
{
    private readonly JsonWriterOptions _options = new() { SkipValidation = true };

    public override string ContentType => "application/jsonl";

    private protected override string? Header => null;

    private protected override void Write(Receipt receipt, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, _options);
        json.WriteStartObject();
        json.WriteString("run", receipt.Run.Value);
        json.WriteString("tenant", receipt.Tenant);
        json.WriteString("template", receipt.Template);
        json.WriteString("profile", receipt.Profile);
        json.WriteString("keep", receipt.Keep);
        json.WriteString("worker", receipt.Worker);
        if (receipt.Lot is not null)
        {
            json.WriteString("lot", receipt.Lot);
        }

        json.WriteString("startedAt", receipt.StartedAt.UtcDateTime);
        json.WriteString("outcome", WireNames<Outcome>.Of(receipt.Outcome));
        if (receipt.ExitCode is { } code)
        {
            json.WriteNumber("exitCode", code);
        }

        if (receipt.Signal is { } signal)
        {
            json.WriteNumber("signal", signal);
        }

        WriteFigures(json, receipt);
        json.WritePropertyName("limits");
        JsonSerializer.Serialize(json, receipt.Limits, LedgerJson.Default.RunLimits);
        json.WriteStartArray("unenforced");
        foreach (var limit in receipt.Unenforced)
        {
            json.WriteStringValue(limit);
        }

        json.WriteEndArray();
        json.WritePropertyName("sources");
        JsonSerializer.Serialize(json, ReceiptRow.Sorted(receipt.Sources), LedgerJson.Default.SortedDictionaryStringFigureSource);
        json.WriteEndObject();
    }

    private static void WriteFigures(Utf8JsonWriter json, Receipt receipt)
    {
        json.WriteNumber("cpuMicros", receipt.CpuMicros);
        json.WriteNumber("cpuUserMicros", receipt.CpuUserMicros);
        json.WriteNumber("cpuSystemMicros", receipt.CpuSystemMicros);
        json.WriteNumber("rusageCpuMicros", receipt.RusageCpuMicros);
        json.WriteNumber("wallMicros", receipt.WallMicros);
        json.WriteNumber("peakMemoryBytes", receipt.PeakMemoryBytes);
        json.WriteNumber("memoryByteSeconds", receipt.MemoryByteSeconds);
        json.WriteNumber("billedByteSeconds", ReceiptRow.Whole(receipt.MemoryByteSeconds));
        json.WriteNumber("ioReadBytes", receipt.IoReadBytes);
        json.WriteNumber("ioWriteBytes", receipt.IoWriteBytes);
        json.WriteNumber("outputBytes", receipt.OutputBytes);
    }
}
