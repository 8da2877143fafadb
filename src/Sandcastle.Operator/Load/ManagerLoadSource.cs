namespace Sandcastle.Operator.Load;

/// <summary>Asks every manager for <c>GET /v1/workers</c>.</summary>
internal sealed class ManagerLoadSource(ManagerCalls managers) : ILoadSource
{
    public async Task<IReadOnlyList<WorkerLoad>?> ReadAsync(CancellationToken cancellationToken)
    {
        // A manager that does not answer may have work on its workers that nobody else knows of: then nothing is known.
        var answers = await managers.AskAllAsync<WorkersResponse>("/v1/workers", cancellationToken);
        return answers is null ? null : [.. answers.SelectMany(answer => answer.Workers), .. answers.SelectMany(answer => answer.Waiting).Select(Unplaced)];
    }

    private static WorkerLoad Unplaced(PoolWait wait) => new() { Namespace = wait.Namespace, Pool = wait.Pool, RunsWaiting = wait.Runs };
}
