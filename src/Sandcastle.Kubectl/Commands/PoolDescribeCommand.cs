using System.CommandLine;
using Sandcastle.Cli;
using Sandcastle.Cli.Tables;
using Sandcastle.Kubectl.ApiServer;
using Sandcastle.Kubectl.Objects;

namespace Sandcastle.Kubectl.Commands;

/// <summary><c>pool describe</c>: everything about one pool that a person who asks himself why wants to see.</summary>
internal sealed class PoolDescribeCommand : Command
{
    private readonly ClusterOptions _cluster;
    private readonly Argument<string> _name = new("NAME") { Description = "The pool" };

    public PoolDescribeCommand(ClusterOptions cluster)
        : base("describe", "Say what a pool is meant to be, what it is, and what happened to it")
    {
        _cluster = cluster;
        Arguments.Add(_name);
        SetAction(InvokeAsync);
    }

    private async Task<int> InvokeAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var name = ResourceName.Subdomain(result.GetRequiredValue(_name), _name.Name);
        using var connection = _cluster.Connect(result);
        var owner = connection.Namespace;
        var pool = await connection.Api.GetAsync($"{Resources.Pools.Path(owner)}/{name}", cancellationToken);
        var lots = await connection.Api.GetAsync(Resources.Lots.Path(owner), cancellationToken);
        var workloads = await connection.Api.GetAsync(Resources.Workloads.Path(owner), cancellationToken);
        var events = await connection.Api.GetAsync(
            $"{Resources.Events.Path(owner)}?fieldSelector=involvedObject.kind%3DSandboxPool%2CinvolvedObject.name%3D{name}", cancellationToken);
        var now = TimeProvider.System.GetUtcNow();
        PoolDescription.Write(pool);
        Section("Conditions", ConditionColumns.All, pool.Items("status", "conditions"));
        Section("Lots", LotDescription.Columns(workloads), lots.Items("items").Where(lot => lot.Text("spec", "pool") == name));
        Section("Events", EventColumns.All, events.Items("items").OrderBy(EventColumns.Time));
        return ExitCodes.Success;

        void Section(string title, IReadOnlyList<Column> columns, IEnumerable<System.Text.Json.JsonElement> items)
        {
            var rows = items.Select(item => (IReadOnlyList<string?>)[.. columns.Select(column => column.Value(item, now))]).ToList();
            Console.Out.WriteLine(rows.Count == 0 ? $"{title}: <none>" : $"{title}:");
            if (rows.Count > 0)
            {
                new ColumnTable([.. columns.Select(column => column.Header)]) { Indent = 2 }.Write(rows);
            }
        }
    }
}
