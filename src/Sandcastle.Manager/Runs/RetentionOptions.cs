namespace Sandcastle.Manager.Runs;

/// <summary>How long, and how much of, the results of ended runs are kept in memory.</summary>
public sealed record RetentionOptions
{
    /// <summary>Default 10 minutes.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Most results; of runs without a key the oldest go first, then no new run with a key is taken. Default 20,000.</summary>
    public int Count { get; init; } = 20_000;

    /// <summary>Most bytes; beyond it the oldest runs without a key go, then the output of the oldest with one. Default 128 MiB.</summary>
    public long Bytes { get; init; } = 128L << 20;
}
