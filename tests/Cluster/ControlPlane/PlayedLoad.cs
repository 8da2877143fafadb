using Sandcastle.Operator.Load;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>What managers would say: every worker has the same number of slots at work, which the test sets.</summary>
internal sealed class PlayedLoad(ApiServer server, string pods) : ILoadSource
{
    private volatile int _busy;

    /// <summary>Of each worker.</summary>
    internal int Busy
    {
        set => _busy = value;
    }

    public async Task<IReadOnlyList<WorkerLoad>?> ReadAsync(CancellationToken cancellationToken)
    {
        var list = (await server.Admin.GetAsync(pods)).Expect();
        return
        [
            .. from pod in list["items"]!.AsArray()
               let labels = pod["metadata"]!["labels"]
               where (string?)labels?["app.kubernetes.io/name"] == "sandcastle-worker"
               select new WorkerLoad
               {
                   Name = (string)pod["metadata"]!["name"]!,
                   Namespace = (string)pod["metadata"]!["namespace"]!,
                   Pool = (string)labels!["sandcastle.dev/pool"]!,
                   Lot = (string)labels["sandcastle.dev/lot"]!,
                   Draining = pod["metadata"]!["annotations"]?["sandcastle.dev/drain"] is not null,
                   SlotsReady = 40,
                   SlotsBusy = _busy,
               },
        ];
    }
}
