using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Ledger;

/// <summary>A key as the ledger holds it; unique by tenant and key.</summary>
public sealed record KeyEntry
{
    public required string Tenant { get; init; }

    public required string Key { get; init; }

    /// <summary>Of the request that had the key first; another request with the same key is refused.</summary>
    public required string Digest { get; init; }

    public required RunId Run { get; init; }

    /// <summary>Which manager carries the run.</summary>
    public required string Manager { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Null until the run has ended.</summary>
    public byte[]? Result { get; init; }

    /// <summary>The manager has been heard of lately. Told by the ledger, never written.</summary>
    public bool ManagerIsAlive { get; init; }
}
