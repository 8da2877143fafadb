namespace Sandcastle.Manager.Ledger.Books;

/// <summary>A worker's meter: what it has had since its start. Read again later, the difference is what it had in between.</summary>
public sealed record WorkerReading
{
    /// <summary>Of the worker, unique at any one time.</summary>
    public required string Meter { get; init; }

    /// <summary>As its receipts name it.</summary>
    public required string Worker { get; init; }

    /// <summary>As its receipts name it; null where nothing paid for it but the machine's owner.</summary>
    public required string? Lot { get; init; }

    /// <summary>Its start: one that starts again is read from zero.</summary>
    public required string Incarnation { get; init; }

    /// <summary>When that was, by its own clock.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>1,000 is one processor.</summary>
    public required long CpuMillis { get; init; }

    public required long MemoryBytes { get; init; }

    /// <summary>CPU since its start that no receipt charges; zero where no cgroup measures it.</summary>
    public TimeSpan Overhead { get; init; }

    /// <summary>Memory over time since its start that no receipt charges; zero where nothing measures it.</summary>
    public long OverheadByteSeconds { get; init; }

    /// <summary>Nothing is booked over a longer gap, since what it would be dated by has been folded and removed by then. Null for no bound.</summary>
    public TimeSpan? Longest { get; init; }

    internal Account Source => string.IsNullOrEmpty(Lot) ? new Account(AccountKinds.Worker, Worker) : new Account(AccountKinds.Lot, Lot);
}
