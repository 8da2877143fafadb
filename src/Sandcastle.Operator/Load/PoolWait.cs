namespace Sandcastle.Operator.Load;

/// <summary>A manager has work for a pool, and no worker of it has room, or there is none.</summary>
public sealed record PoolWait
{
    public string Namespace { get; init; } = "";

    public string Pool { get; init; } = "";

    public int Runs { get; init; }
}
