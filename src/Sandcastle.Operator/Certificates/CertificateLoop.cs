using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Leases;
using Sandcastle.Operator.Resources.Pools;

namespace Sandcastle.Operator.Certificates;

/// <summary>Has the certificates looked after: when a pool is new, from time to time, and sooner while something is wanting.</summary>
internal sealed partial class CertificateLoop(
    ICertificateKeeper keeper, CertificateBoard board, OperatorOptions options, TimeProvider time, ILogger<CertificateLoop> logger)
{
    /// <summary>A namespace that gets its first pool waits for its workers' certificate no longer than this.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(2);

    /// <summary>The longest pause while something is wanting: whoever mends it is told so within this.</summary>
    private static readonly TimeSpan Wanting = TimeSpan.FromSeconds(30);

    /// <param name="pools">All there are.</param>
    /// <param name="touch">Has the pools of a namespace looked at.</param>
    /// <param name="leadership">This term's.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task RunAsync(Func<IReadOnlyList<SandboxPool>> pools, Action<string> touch, Leadership leadership, CancellationToken cancellationToken)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var (due, pause) = (DateTimeOffset.MinValue, Glance);
        using var timer = new PeriodicTimer(Glance, time);
        do
        {
            var all = pools();
            var seen = all.Select(pool => pool.Metadata.Uid).ToHashSet(StringComparer.Ordinal);
            var isNew = !seen.IsSubsetOf(known);
            if (options.Certificates is null || (time.GetUtcNow() < due && !isNew))
            {
                continue;
            }

            try
            {
                var states = await keeper.KeepAsync(all, leadership, cancellationToken);
                Tell(states, touch);
                var isWhole = states.Values.All(state => state.IsReady);
                pause = isNew || isWhole ? Glance : pause * 2 < Wanting ? pause * 2 : Wanting;
                due = time.GetUtcNow() + (isWhole ? options.Certificates.Period : pause);
                known = seen;
            }
            catch (LeadershipLostException)
            {
                // The term's token ends this loop.
            }
            catch (Exception exception) when (exception is ApiException or HttpRequestException or IOException or JsonException)
            {
                LogFailed(exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private void Tell(IReadOnlyDictionary<string, CertificateState> states, Action<string> touch)
    {
        var changed = board.Take(states);
        foreach (var ns in changed)
        {
            var (name, state) = (ns == CertificateBoard.Shared ? options.Namespace : ns, states[ns]);
            if (state.IsReady || state.Reason == CertificateState.Issuing)
            {
                LogState(name, state.Message);
            }
            else
            {
                LogWanting(name, state.Reason, state.Message);
            }
        }

        foreach (var ns in changed.Contains(CertificateBoard.Shared) ? states.Keys : changed)
        {
            touch(ns);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Certificates of namespace {Namespace}: {State}")]
    private partial void LogState(string @namespace, string state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Certificates of namespace {Namespace} are wanting ({Reason}): {Why}")]
    private partial void LogWanting(string @namespace, string reason, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Certificates were not looked after: {Reason}")]
    private partial void LogFailed(string reason);
}
