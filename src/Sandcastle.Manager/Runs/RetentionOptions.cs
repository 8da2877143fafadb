namespace Sandcastle.Manager.Runs;

/// <summary>How long, and how much of, the results of ended runs are kept: in memory, and of runs with a key in the ledger too.</summary>
public sealed record RetentionOptions
{
    /// <summary>Default 10 minutes.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Most results; of runs without a key the oldest go first, then no new run with a key is taken of a tenant that has its share of them. Default 20,000.</summary>
    public int Count { get; init; } = 20_000;

    /// <summary>
    /// Most bytes; beyond it the oldest runs without a key go, then the output of the oldest with one. As many again of runs with a key
    /// are in the ledger, where a newer one goes without its output instead. Default 128 MiB.
    /// </summary>
    public long Bytes { get; init; } = 128L << 20;

    /// <summary>Most bytes of one result in the ledger, as JSON; a larger one is kept there without its output. Default 4 MiB.</summary>
    public long ResultBytes { get; init; } = 4L << 20;
}
