using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Client;

/// <summary>The server refused, or failed itself. How a program ended is never an exception: see <see cref="Protocol.Runs.Outcome"/>.</summary>
public sealed class SandcastleException(Problem problem, TimeSpan? retryAfter = null) : Exception(problem.Detail)
{
    /// <summary>What the server said (RFC 9457).</summary>
    public Problem Problem { get; } = problem;

    /// <summary>When it makes sense to try again; null when the server did not say.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
