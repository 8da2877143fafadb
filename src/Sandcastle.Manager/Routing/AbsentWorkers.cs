using System.Collections.Concurrent;
using System.Globalization;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Routing;

/// <summary>
/// Templates that nobody serves now, though a pool would: what is asked for in vain is remembered for a while, so that the operator hears
/// of it when it asks next, also where the caller did not wait. Safe for concurrent use.
/// </summary>
public sealed class AbsentWorkers(IPoolOffers pools, TimeProvider time)
{
    /// <summary>A refused run counts as wanted for so long: a caller that comes again after its Retry-After keeps it so.</summary>
    internal static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, long> _missedAt = new(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, PoolOffer> Offers => pools.Offers;

    /// <summary>The refusal of a run that a pool without workers would serve; null where no pool would.</summary>
    internal Refusal? Miss(RunOrder order)
    {
        if (!pools.Offers.TryGetValue(order.Template, out var offer))
        {
            return null;
        }

        _missedAt[order.Template] = time.GetTimestamp();
        return new Refusal
        {
            Kind = RefusalKind.NoCapacity,
            Detail = string.Create(CultureInfo.InvariantCulture, $"pool {offer.Namespace}/{offer.Pool} has no worker for template '{order.Template}' now; one is asked for"),
            RetryAfter = RetryAfter,
        };
    }

    /// <summary>Somebody asked for it in vain a short while ago.</summary>
    internal bool IsMissed(string template) => _missedAt.TryGetValue(template, out var at) && time.GetElapsedTime(at) < Remembered;
}
