using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Ledger.Export;

/// <summary>A way to write receipts, one a line.</summary>
public abstract class ReceiptFormat
{
    /// <summary>What gathers before it is sent.</summary>
    private const int FlushBytes = 32 << 10;

    public static readonly ReceiptFormat Csv = new CsvReceipts();

    public static readonly ReceiptFormat JsonLines = new JsonLineReceipts();

    private static readonly Dictionary<string, ReceiptFormat> Known = new(StringComparer.Ordinal) { ["csv"] = Csv, ["jsonl"] = JsonLines };

    public static IReadOnlyCollection<string> Names => Known.Keys;

    public abstract string ContentType { get; }

    private protected abstract string? Header { get; }

    /// <summary>Null for a name that is none of <see cref="Names"/>.</summary>
    public static ReceiptFormat? Find(string name) => Known.GetValueOrDefault(name);

    /// <summary>Writes them as they come: memory holds a page of them, however many there are and however slowly they are taken.</summary>
    public async Task WriteAsync(IAsyncEnumerable<Receipt> receipts, PipeWriter output, CancellationToken cancellationToken)
    {
        if (Header is { } header)
        {
            Encoding.UTF8.GetBytes(header + "\n", output);
        }

        await foreach (var receipt in receipts.WithCancellation(cancellationToken))
        {
            Write(receipt, output);
            output.Write("\n"u8);
            if (output.UnflushedBytes >= FlushBytes)
            {
                await output.FlushAsync(cancellationToken);
            }
        }

        await output.FlushAsync(cancellationToken);
    }

    private protected abstract void Write(Receipt receipt, IBufferWriter<byte> output);
}
