using System.CommandLine;
using Sandcastle.Cli.Tables;
using Sandcastle.Kubectl.Objects;

namespace Sandcastle.Kubectl.Commands;

/// <summary><c>pool list</c>.</summary>
internal sealed class PoolListCommand : Command
{
    private readonly ClusterOptions _cluster;
    private readonly ListingFlags _listing = new();
    private readonly Option<bool> _all = ObjectListing.AllNamespaces();

    public PoolListCommand(ClusterOptions cluster)
        : base("list", "List pools, their workers and their slots")
    {
        _cluster = cluster;
        _listing.AddTo(this);
        Options.Add(_all);
        SetAction(InvokeAsync);
    }

    private async Task<int> InvokeAsync(ParseResult result, CancellationToken cancellationToken)
    {
        using var connection = _cluster.Connect(result);
        var pools = new ObjectSource(connection.Api, Resources.Pools, result.GetValue(_all) ? null : connection.Namespace, TimeProvider.System);
        return await new ObjectListing(pools, PoolColumns.All, _listing.Format(result)).RunAsync(_listing.Watch(result), cancellationToken);
    }
}
