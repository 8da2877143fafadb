using Sandcastle.Link.Tests.Fakes;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tests.Fakes;

namespace Sandcastle.Manager.Tests.Peers;

/// <summary>Two managers on one ledger, each with a worker of its own, that know each other by their certificates.</summary>
internal sealed class TwoManagers : IAsyncDisposable
{
    private TwoManagers(Authority authority, ManagerServer one, ManagerServer two, PeerStage stage)
    {
        (Authority, One, Two, Stage) = (authority, one, two, stage);
    }

    public Authority Authority { get; }

    public ManagerServer One { get; }

    public ManagerServer Two { get; }

    /// <summary>Where <see cref="One"/> is reached by the other.</summary>
    public PeerStage Stage { get; }

    public static async Task<TwoManagers> StartAsync(PostgresCluster cluster, TenantOptions? tenants = null, TimeSpan? patience = null)
    {
        var ledger = LedgerAddress.Parse(await cluster.NewDatabaseAsync());
        var authority = new Authority();
        var stage = new PeerStage(authority);
        var one = await ManagerServer.StartAsync(new FakeWorker("w1"), ledger: ledger, tenants: tenants, peers: stage);
        var two = await ManagerServer.StartAsync(new FakeWorker("w2"), ledger: ledger, tenants: tenants, peers: new PeerStage(authority, patience));
        return new TwoManagers(authority, one, two, stage);
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Two.DisposeAsync();
        Authority.Dispose();
    }
}
