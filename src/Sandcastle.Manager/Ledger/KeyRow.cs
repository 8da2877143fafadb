using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Ledger;

/// <summary>A key as the table holds it; columns by name.</summary>
internal sealed record KeyRow
{
    public string Tenant { get; init; } = "";

    public string Key { get; init; } = "";

    public string Digest { get; init; } = "";

    public string Run { get; init; } = "";

    public string Manager { get; init; } = "";

    public long CreatedAt { get; init; }

    public long ExpiresAt { get; init; }

    public byte[]? Result { get; init; }

    /// <summary>1 or 0: one of the stores has no other truth.</summary>
    public long Alive { get; init; }

    public KeyEntry ToEntry() => new()
    {
        Tenant = Tenant,
        Key = Key,
        Digest = Digest,
        Run = RunId.Parse(Run),
        Manager = Manager,
        CreatedAt = LedgerTime.FromMicros(CreatedAt),
        ExpiresAt = LedgerTime.FromMicros(ExpiresAt),
        Result = Result,
        ManagerIsAlive = Alive != 0,
    };
}
