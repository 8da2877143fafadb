using System.CommandLine;
using Sandcastle.Cli.Tables;
using Sandcastle.Kubectl.ApiServer;
using Sandcastle.Kubectl.Objects;

namespace Sandcastle.Kubectl.Commands;

/// <summary><c>lots</c>: the batches of workers that Kueue admits.</summary>
internal sealed class LotsCommand : Command
{
    private readonly ClusterOptions _cluster;
    private readonly ListingFlags _listing = new();
    private readonly Option<bool> _all = ObjectListing.AllNamespaces();
    private readonly Option<string?> _pool = new("--pool") { Description = "Of this pool alone", HelpName = "NAME" };

    public LotsCommand(ClusterOptions cluster)
        : base("lots", "List lots of workers, their phase and their Workloads")
    {
        _cluster = cluster;
        _listing.AddTo(this);
        Options.Add(_all);
        Options.Add(_pool);
        SetAction(InvokeAsync);
    }

    private async Task<int> InvokeAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var pool = result.GetValue(_pool) is { } name ? ResourceName.Subdomain(name, _pool.Name) : null;
        using var connection = _cluster.Connect(result);
        var lots = new ObjectSource(connection.Api, Resources.Lots, result.GetValue(_all) ? null : connection.Namespace, TimeProvider.System)
        {
            Filter = lot => pool is null || lot.Text("spec", "pool") == pool,
        };
        return await new ObjectListing(lots, LotColumns.All, _listing.Format(result)).RunAsync(_listing.Watch(result), cancellationToken);
    }
}
