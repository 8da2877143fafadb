namespace Sandcastle.Protocol.Rest;

/// <summary>Work for a pool of which no worker has room for it.</summary>
/// <param name="Namespace">Of the pool.</param>
/// <param name="Pool">Its name.</param>
/// <param name="Runs">That wait in line; or, while the pool has no worker at all, one for those that were refused lately.</param>
public sealed record PoolWaitResponse(string Namespace, string Pool, int Runs);
