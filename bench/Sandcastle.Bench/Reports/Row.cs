namespace Sandcastle.Bench.Reports;

/// <summary>One line of the table of promises.</summary>
internal sealed record Row
{
    public required int Measure { get; init; }

    public required string Name { get; init; }

    /// <summary>What the product is compared with; empty where it stands alone.</summary>
    public string Against { get; init; } = "";

    public Figure? Product { get; init; }

    public Figure? Baseline { get; init; }

    /// <summary>The bounds are for product ÷ baseline where there is a baseline, else for the product's own value.</summary>
    public Bound? Must { get; init; }

    public Bound? Aim { get; init; }

    /// <summary>What was not there to measure it.</summary>
    public string? Skipped { get; init; }

    /// <summary>What went wrong in measuring it.</summary>
    public string? Failed { get; init; }

    /// <summary>A promise without a number that was broken: what happened.</summary>
    public string? Flaw { get; init; }

    public double? Ratio => Product is not null && Baseline is not null ? Product.Value / Baseline.Value : null;

    public Verdict Verdict
    {
        get
        {
            if (Skipped is not null)
            {
                return Verdict.Skipped;
            }

            if (Failed is not null || (Ratio ?? Product?.Value) is not { } value)
            {
                return Verdict.Failed;
            }

            if (Flaw is not null || Must?.Holds(value) == false)
            {
                return Verdict.Missed;
            }

            return Aim?.Holds(value) == true ? Verdict.AimMet : Must is null ? Verdict.Reported : Verdict.Met;
        }
    }
}
