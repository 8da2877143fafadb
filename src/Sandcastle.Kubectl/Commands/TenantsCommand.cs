using System.CommandLine;
using Sandcastle.Cli.Tables;
using Sandcastle.Kubectl.Objects;

namespace Sandcastle.Kubectl.Commands;

/// <summary><c>tenants</c>: what each namespace has leased, and what of it is used.</summary>
internal sealed class TenantsCommand : Command
{
    private readonly ClusterOptions _cluster;
    private readonly ListingFlags _listing = new();
    private readonly Option<bool> _all = ObjectListing.AllNamespaces();

    public TenantsCommand(ClusterOptions cluster)
        : base("tenants", "List tenants, what they have leased and what of it they use")
    {
        _cluster = cluster;
        _listing.AddTo(this);
        Options.Add(_all);
        SetAction(InvokeAsync);
    }

    private async Task<int> InvokeAsync(ParseResult result, CancellationToken cancellationToken)
    {
        using var connection = _cluster.Connect(result);
        var tenants = new ObjectSource(connection.Api, Resources.Tenants, result.GetValue(_all) ? null : connection.Namespace, TimeProvider.System);
        return await new ObjectListing(tenants, TenantColumns.All, _listing.Format(result)).RunAsync(_listing.Watch(result), cancellationToken);
    }
}
