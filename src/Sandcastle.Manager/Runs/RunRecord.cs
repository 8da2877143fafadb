using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Runs;

/// <summary>
/// What is known of a run: one that is running has neither report nor outcome; one that has ended has both; one that was
/// cancelled before its program started has an outcome only; one that only the ledger remembers has a receipt without report.
/// </summary>
public sealed record RunRecord
{
    public required RunId Id { get; init; }

    public required string Tenant { get; init; }

    public required string Template { get; init; }

    /// <summary>The caller asked for exact bytes.</summary>
    public bool Base64 { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Null while it runs.</summary>
    public Outcome? Outcome { get; init; }

    public RunReport? Report { get; init; }

    public Receipt? Receipt { get; init; }

    /// <summary>We failed after its program had started: there is no report, and there must be no second try.</summary>
    public Refusal? Failure { get; init; }

    /// <summary>What the ledger remembers of a run.</summary>
    internal static RunRecord From(Receipt receipt) => new()
    {
        Id = receipt.Run,
        Tenant = receipt.Tenant,
        Template = receipt.Template,
        Outcome = receipt.Outcome,
        Receipt = receipt,
    };

    /// <summary>Bytes that keeping this costs, roughly.</summary>
    public long RetainedBytes
    {
        get
        {
            const int Fixed = 1024;
            return Report is null ? Fixed : Fixed + Report.Stdout.Length + Report.Stderr.Length + Report.Files.Sum(f => (long)f.Content.Length);
        }
    }

    /// <summary>The same without output and files, marked as cut.</summary>
    public RunRecord WithoutOutput() => Report is null ? this : this with
    {
        Report = Report with
        {
            Stdout = default,
            Stderr = default,
            StdoutTruncated = Report.StdoutTruncated || Report.Stdout.Length > 0,
            StderrTruncated = Report.StderrTruncated || Report.Stderr.Length > 0,
            Files = [],
            CollectErrors = Report.Files.Count == 0
                ? Report.CollectErrors
                : [.. Report.CollectErrors, $"{Report.Files.Count} collected files are no longer kept"],
        },
    };
}
