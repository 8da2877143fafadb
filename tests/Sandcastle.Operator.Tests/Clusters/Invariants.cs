using System.Text.Json.Nodes;
using Sandcastle.Testing.Invariants;

namespace Sandcastle.Operator.Tests.Clusters;

/// <summary>What must hold of lots, Workloads and Pods at every moment, whoever was killed when.</summary>
internal sealed class Invariants(TestCluster cluster, int mostWorkers)
{
    private readonly List<string> _broken = [];

    /// <summary>Looks after every change of Pods, lots and Workloads, until cancelled.</summary>
    internal async Task WatchAsync(CancellationToken cancellationToken)
    {
        var seen = -1L;
        try
        {
            while (true)
            {
                await Task.WhenAny(
                    cluster.Server.Objects.WaitAsync("pods", "", _ => cluster.Server.Objects.Revision != seen, cancellationToken),
                    cluster.Server.Objects.WaitAsync("workloads.kueue.x-k8s.io", "", _ => cluster.Server.Objects.Revision != seen, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
                seen = cluster.Server.Objects.Revision;
                Look();
            }
        }
        catch (OperationCanceledException)
        {
            // The test has seen enough.
        }
    }

    internal void Look()
    {
        // Three lists make one picture only if nothing changed meanwhile.
        while (true)
        {
            var before = cluster.Server.Objects.Revision;
            var (lots, workloads, pods) = (cluster.Lots, cluster.Workloads, cluster.Pods);
            if (cluster.Server.Objects.Revision == before)
            {
                lock (_broken)
                {
                    _broken.AddRange(LotInvariants.Broken(lots, workloads, pods, mostWorkers));
                }

                return;
            }
        }
    }

    internal void ShouldHold()
    {
        Look();
        lock (_broken)
        {
            _broken.Distinct().ShouldBeEmpty();
        }
    }

    internal static bool Is(JsonObject item, string condition) => LotInvariants.Is(item, condition);
}
