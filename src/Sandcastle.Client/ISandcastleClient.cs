using Sandcastle.Client.Events;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Client;

/// <summary>
/// What a server is asked, by whichever wire. Safe for use from many threads. Every call throws <see cref="SandcastleException"/> when the
/// server refuses and <see cref="ServerUnreachableException"/> when none answers; how a program ended is in the result.
/// </summary>
public interface ISandcastleClient : IDisposable
{
    /// <summary>Runs a program to its end. Cancelling the token cancels the run, unless it has an idempotency key.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="idempotencyKey">Calls with the same key are the same run; at most one program starts.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<RunResponse> RunAsync(RunRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default);

    /// <summary>Runs a program and yields its output while it is written. Leaving the loop early cancels the run, unless it has an idempotency key.</summary>
    IAsyncEnumerable<RunEvent> StreamAsync(RunRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default);

    /// <summary>The state, or the kept result, of a run.</summary>
    Task<RunResponse> GetRunAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Ends a run; its outcome becomes <c>cancelled</c>. A run that has ended already is left as it is.</summary>
    Task CancelAsync(string id, CancellationToken cancellationToken = default);

    Task<IReadOnlyList<TemplateResponse>> GetTemplatesAsync(CancellationToken cancellationToken = default);

    /// <summary>Sums over the receipts of the caller's tenant.</summary>
    /// <param name="from">Null: from the first of this month on.</param>
    /// <param name="to">Null: until now.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<UsageResponse> GetUsageAsync(DateTimeOffset? from = null, DateTimeOffset? to = null, CancellationToken cancellationToken = default);
}
