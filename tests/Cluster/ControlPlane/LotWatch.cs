using System.Text.Json.Nodes;
using Sandcastle.Cluster.Manifests;
using Sandcastle.Testing.Invariants;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>Looks at lots, Workloads and Pods again and again, and remembers what must never be.</summary>
internal sealed class LotWatch : IAsyncDisposable
{
    private static readonly string[] Lists =
    [
        "/apis/sandcastle.dev/v1alpha1/namespaces/sandcastle-pools/workerlots",
        "/apis/kueue.x-k8s.io/v1beta2/namespaces/sandcastle-pools/workloads",
        "/api/v1/namespaces/sandcastle-pools/pods?labelSelector=sandcastle.dev/pool",
    ];

    private readonly ApiServer _server;
    private readonly int _mostWorkers;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);
    private readonly Task _looking;

    internal LotWatch(ApiServer server, int mostWorkers)
    {
        _server = server;
        _mostWorkers = mostWorkers;
        _looking = LookAsync();
    }

    /// <summary>How often all three were read with nothing changed in between.</summary>
    internal int Looks { get; private set; }

    internal void ShouldHold()
    {
        lock (_broken)
        {
            _broken.ShouldBeEmpty();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        _stop.Dispose();
    }

    private async Task LookAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await LookOnceAsync();
            }
            catch (HttpRequestException)
            {
                // Nobody can look now.
            }

            await Task.Delay(100, CancellationToken.None);
        }
    }

    /// <summary>Three lists make one picture if all objects are the same at a second reading of all three.</summary>
    private async Task LookOnceAsync()
    {
        var (first, second) = (await ReadAsync(), await ReadAsync());
        if (!first.SelectMany(list => list).Select(Version).SequenceEqual(second.SelectMany(list => list).Select(Version), StringComparer.Ordinal))
        {
            return;
        }

        Looks++;
        lock (_broken)
        {
            _broken.UnionWith(LotInvariants.Broken(first[0], first[1], first[2], _mostWorkers));
        }
    }

    private async Task<IReadOnlyList<JsonObject>[]> ReadAsync()
    {
        var lists = new IReadOnlyList<JsonObject>[Lists.Length];
        for (var i = 0; i < Lists.Length; i++)
        {
            lists[i] = [.. (await _server.Admin.GetAsync(Lists[i])).ExpectUnlessOut()["items"]!.AsArray().Select(item => item!.AsObject())];
        }

        return lists;
    }

    private static string Version(JsonObject item) => $"{item.Name()} {item["metadata"]!["uid"]} {item["metadata"]!["resourceVersion"]}";
}
