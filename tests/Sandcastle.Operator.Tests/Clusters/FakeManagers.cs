using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Sandcastle.Operator.Load;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Operator.Tests.Clusters;

/// <summary>Managers that know every ready worker, send nothing to one that drains, and have the runs that a test gives them.</summary>
internal sealed class FakeManagers(ClusterObjects objects) : ILoadSource
{
    private readonly ConcurrentDictionary<string, int> _busy = new();

    /// <summary>Runs that wait, at the first worker.</summary>
    internal int Wanted { get; set; }

    /// <summary>Runs that wait for pool <c>py</c>, as long as it has no ready worker.</summary>
    internal int Unplaced { get; set; }

    /// <summary>No manager answers.</summary>
    internal bool AreSilent { get; set; }

    internal void SetBusy(string pod, int runs) => _busy[pod] = runs;

    internal void SetBusy(IEnumerable<JsonObject> pods, int runs)
    {
        foreach (var pod in pods)
        {
            SetBusy(pod["metadata"]!["name"]!.GetValue<string>(), runs);
        }
    }

    internal void SetIdle() => _busy.Clear();

    public Task<IReadOnlyList<WorkerLoad>?> ReadAsync(CancellationToken cancellationToken)
    {
        if (AreSilent)
        {
            return Task.FromResult<IReadOnlyList<WorkerLoad>?>(null);
        }

        var wanted = Wanted;
        var workers = objects.List("pods", "", "app.kubernetes.io/name=sandcastle-worker").Where(FakeKubelet.IsReady).Select(pod =>
        {
            var name = pod["metadata"]!["name"]!.GetValue<string>();
            var busy = _busy.GetValueOrDefault(name);
            return new WorkerLoad
            {
                Name = name,
                Namespace = pod["metadata"]!["namespace"]!.GetValue<string>(),
                Pool = pod["metadata"]!["labels"]!["sandcastle.dev/pool"]!.GetValue<string>(),
                Lot = pod["metadata"]!["labels"]!["sandcastle.dev/lot"]!.GetValue<string>(),
                Draining = pod["metadata"]!["annotations"]?["sandcastle.dev/drain"] is not null,
                SlotsBusy = busy,
                SlotsReady = 100 - busy,
                RunsWaiting = Interlocked.Exchange(ref wanted, 0),
            };
        }).ToList();
        if (workers.Count == 0 && Unplaced > 0)
        {
            workers.Add(new WorkerLoad { Namespace = TestCluster.Namespace, Pool = "py", RunsWaiting = Unplaced });
        }

        return Task.FromResult<IReadOnlyList<WorkerLoad>?>(workers);
    }
}
