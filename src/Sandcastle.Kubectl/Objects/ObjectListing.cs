using System.CommandLine;
using System.Text.Json;
using Sandcastle.Cli;
using Sandcastle.Cli.Tables;

namespace Sandcastle.Kubectl.Objects;

/// <summary>Prints the objects of a source, and on request every change of them.</summary>
internal sealed class ObjectListing(ObjectSource source, IReadOnlyList<Column> columns, string format)
{
    private readonly IReadOnlyList<Column> _columns =
    [
        .. source.OfAllNamespaces ? [CommonColumns.Namespace] : (Column[])[],
        .. columns.Where(column => !column.IsWide || format == OutputFormat.Wide),
    ];

    public static Option<bool> AllNamespaces() => new("--all-namespaces", "-A") { Description = "Of all namespaces" };

    public async Task<int> RunAsync(bool watch, CancellationToken cancellationToken)
    {
        var list = await source.ListAsync(cancellationToken);
        var table = new ColumnTable([.. _columns.Select(column => column.Header)]);
        if (OutputFormat.IsDocument(format))
        {
            OutputFormat.WriteDocument(list.ToDocument(), format);
        }
        else if (list.Items.Count > 0 || watch)
        {
            Write(table, list.Items);
        }
        else
        {
            Messages.Write("nothing found");
        }

        if (watch)
        {
            await foreach (var item in source.WatchAsync(list, cancellationToken))
            {
                Print(table, item);
            }
        }

        return ExitCodes.Success;
    }

    private void Print(ColumnTable table, JsonElement item)
    {
        if (OutputFormat.IsDocument(format))
        {
            OutputFormat.WriteDocument(item, format);
        }
        else
        {
            Write(table, [item]);
        }
    }

    private void Write(ColumnTable table, IReadOnlyList<JsonElement> items)
    {
        var now = TimeProvider.System.GetUtcNow();
        table.Write([.. items.Select(item => (IReadOnlyList<string?>)[.. _columns.Select(column => column.Value(item, now))])]);
    }
}
