using Sandcastle.Manager.Tenants.Keys;

namespace Sandcastle.Manager.Tests.Tenants;

/// <summary>One endpoint: who may ask it, and what becomes of somebody who asks for what is his neighbour's.</summary>
internal sealed record AccessRow
{
    /// <summary>Method and route, as the server has it; of gRPC the path alone.</summary>
    public required string Endpoint { get; init; }

    /// <summary>None for an endpoint that asks no key.</summary>
    public required ApiScopes Scopes { get; init; }

    /// <summary>No key opens it, not even an admin's.</summary>
    public bool IsForPeersOnly { get; init; }

    /// <summary>A request for it, with ids that need not exist; the route itself where null.</summary>
    public string? Path { get; init; }

    public string? Body { get; init; }

    /// <summary>Tries the neighbour's id, name or key; null where <see cref="Nothing"/> says why there is nothing to try.</summary>
    public Func<AccessStage, Task>? Neighbour { get; init; }

    /// <summary>Why a neighbour has nothing there.</summary>
    public string? Nothing { get; init; }

    public bool IsGrpc => Endpoint[0] == '/';

    public override string ToString() => Endpoint;
}
