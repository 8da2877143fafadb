using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Sandcastle.Cli.Servers;
using Sandcastle.Cli.Tables;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Commands;

/// <summary><c>sandcastle workers</c>: the workers that the manager sends runs to.</summary>
internal sealed class WorkersCommand : Command
{
    /// <summary>How often <c>--watch</c> asks.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ListingFlags _listing = new();
    private readonly IServerOptions _server;

    public WorkersCommand(IServerOptions server)
        : base("workers", "List the workers, their slots and whether they are draining")
    {
        _server = server;
        _listing.AddTo(this);
        _server.AddTo(this);
        SetAction(InvokeAsync);
    }

    private async Task<int> InvokeAsync(ParseResult result, CancellationToken cancellationToken)
    {
        await using var session = _server.Open(result);
        var format = _listing.Format(result);
        var workers = await ListAsync(session, cancellationToken);
        ColumnTable? table = null;
        Print(workers, workers);
        if (!_listing.Watch(result))
        {
            return ExitCodes.Success;
        }

        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var before = workers.ToHashSet(WorkerComparer.Instance);
            workers = await ListAsync(session, cancellationToken);
            var changed = workers.Where(worker => !before.Contains(worker)).ToList();
            if (changed.Count > 0)
            {
                Print(workers, changed);
            }
        }

        return ExitCodes.Success;

        void Print(IReadOnlyList<WorkerResponse> all, IReadOnlyList<WorkerResponse> changed)
        {
            if (OutputFormat.IsDocument(format))
            {
                var document = JsonSerializer.SerializeToElement(new WorkersResponse(table is null ? all : changed), RestJson.Default.WorkersResponse);
                OutputFormat.WriteDocument(document, format);
                return;
            }

            var namespaces = all.Any(worker => worker.Namespace.Length > 0);
            table ??= new ColumnTable(Headers(namespaces, format));
            table.Write(changed.Select(worker => Row(worker, namespaces, format)).ToList());
        }
    }

    private static Task<IReadOnlyList<WorkerResponse>> ListAsync(ServerSession session, CancellationToken cancellationToken) =>
        session.CallAsync(client => client.GetWorkersAsync(cancellationToken), cancellationToken);

    private static string[] Headers(bool namespaces, string format)
    {
        string[] cluster = namespaces ? ["NAMESPACE"] : [];
        string[] lots = namespaces ? ["POOL", "LOT"] : [];
        string[] wide = format == OutputFormat.Wide ? ["VERSION", "TEMPLATES"] : [];
        return [.. cluster, "NAME", .. lots, "STATUS", "READY", "BUSY", .. wide];
    }

    private static string?[] Row(WorkerResponse worker, bool namespaces, string format)
    {
        string?[] cluster = namespaces ? [worker.Namespace] : [];
        string?[] lots = namespaces ? [worker.Pool, worker.Lot] : [];
        string?[] wide = format == OutputFormat.Wide ? [worker.Version, string.Join(',', worker.Templates.Where(template => template.Available).Select(template => template.Name))] : [];
        return
        [
            .. cluster,
            worker.Name,
            .. lots,
            Status(worker),
            string.Create(CultureInfo.InvariantCulture, $"{worker.SlotsReady}/{worker.SlotsWanted}"),
            worker.SlotsBusy.ToString(CultureInfo.InvariantCulture),
            .. wide,
        ];
    }

    private static string Status(WorkerResponse worker) => worker switch
    {
        { Attached: false } => "Detached",
        { Draining: true } => "Draining",
        _ => "Ready",
    };

    /// <summary>By what is shown; a record's own equality compares the lists of templates by reference.</summary>
    private sealed class WorkerComparer : IEqualityComparer<WorkerResponse>
    {
        public static WorkerComparer Instance { get; } = new();

        public bool Equals(WorkerResponse? x, WorkerResponse? y) =>
            x is not null && y is not null && x with { Templates = y.Templates } == y && x.Templates.SequenceEqual(y.Templates);

        public int GetHashCode(WorkerResponse obj) => HashCode.Combine(obj.Namespace, obj.Name, obj.SlotsReady, obj.SlotsBusy);
    }
}
