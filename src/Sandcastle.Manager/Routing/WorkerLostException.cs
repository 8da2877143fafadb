namespace Sandcastle.Manager.Routing;

/// <summary>A worker is gone, with a run that it was given.</summary>
/// <param name="worker">Its name.</param>
/// <param name="mayHaveStarted">It had been told to start the program: nobody knows whether it did, so the program must not run elsewhere.</param>
/// <param name="inner">How we heard of it.</param>
public sealed class WorkerLostException(string worker, bool mayHaveStarted, Exception inner)
    : Exception($"worker {worker} was lost{(mayHaveStarted ? " while the program ran there, or was about to" : " before the program started")}: {inner.Message}", inner)
{
    public bool MayHaveStarted { get; } = mayHaveStarted;
}
