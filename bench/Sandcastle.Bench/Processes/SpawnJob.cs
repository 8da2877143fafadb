namespace Sandcastle.Bench.Processes;

/// <summary>What the spawner is to start: <see cref="Count"/> times one after the other, or at <see cref="Concurrency"/> for <see cref="Seconds"/>.</summary>
internal sealed record SpawnJob
{
    /// <summary>The first is the program's path.</summary>
    public required IReadOnlyList<string> Argv { get; init; }

    /// <summary>Added to our own environment.</summary>
    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>stdout and stderr together; anything else counts as failed. Null: anything goes.</summary>
    public string? Expect { get; init; }

    public int Count { get; init; } = 1;

    public int Concurrency { get; init; } = 1;

    /// <summary>0: go by <see cref="Count"/>.</summary>
    public double Seconds { get; init; }
}
