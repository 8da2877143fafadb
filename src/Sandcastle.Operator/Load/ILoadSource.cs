namespace Sandcastle.Operator.Load;

/// <summary>Where the operator learns what workers do: from managers, since workers have no account at the API server.</summary>
public interface ILoadSource
{
    /// <returns>What all managers that answered say; null when none did.</returns>
    Task<IReadOnlyList<WorkerLoad>?> ReadAsync(CancellationToken cancellationToken);
}
