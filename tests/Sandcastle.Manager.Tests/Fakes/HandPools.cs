using Sandcastle.Manager.Routing;

namespace Sandcastle.Manager.Tests.Fakes;

/// <summary>One pool, <c>pools/py</c>, that would serve <c>python</c> if it had a worker.</summary>
internal sealed class HandPools : IPoolOffers
{
    public IReadOnlyDictionary<string, PoolOffer> Offers { get; } = new Dictionary<string, PoolOffer>(StringComparer.Ordinal)
    {
        ["python"] = new("pools", "py", FakeWorker.Template("python") with { SlotsReady = 0, SlotsWanted = 0 }),
    };
}
