namespace Sandcastle.Manager.Ledger.Intake;

/// <summary>
/// What a worker may say of what it had and what its runs used. A worker can be taken over, the ledger must stand: what no machine does is not booked.
/// Wide enough that no program can bring an honest worker to say more, or its run would be for nothing.
/// </summary>
public sealed record WorkerBounds
{
    /// <summary>Between the end that a limit sets and what was read after it: files are collected, a busy or a stopped machine is late. Default 5 min.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A worker's clock may be ahead of the manager's by so much. Default 1 h.</summary>
    public TimeSpan Ahead { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest time limit of a run; not less than any template allows, or such a run would be for nothing. Default 366 days.</summary>
    public TimeSpan RunTime { get; init; } = TimeSpan.FromDays(366);

    /// <summary>Processors of one worker at most. Default 1,024.</summary>
    public double Cpus { get; init; } = 1024;

    /// <summary>Memory of one worker at most, in bytes. Default 16 TiB.</summary>
    public long MemoryBytes { get; init; } = 16L << 40;

    /// <summary>Refused receipts of one worker that are kept aside; more are told and counted alone. Default 1,000.</summary>
    public int Aside { get; init; } = 1000;
}
