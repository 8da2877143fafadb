using System.CommandLine;
using Sandcastle.Cli;
using Sandcastle.Cli.Servers;
using Sandcastle.Kubectl.ApiServer;
using Sandcastle.Kubectl.Kubeconfigs;
using Sandcastle.Kubectl.Proxy;

namespace Sandcastle.Kubectl.Commands;

/// <summary>The flags that lead to a cluster and through it. They belong to the root and may stand anywhere.</summary>
internal sealed class ClusterOptions : IServerOptions
{
    private const string NamespaceFlag = "--namespace";
    private const string ManagerFlag = "--manager";
    private const string WorkerFlag = "--worker";
    private const string AccountFlag = "--service-account";

    private readonly Option<string?> _kubeconfig = Global("--kubeconfig", "File that leads to the cluster [env: KUBECONFIG; default: ~/.kube/config]", "FILE");
    private readonly Option<string?> _context = Global("--context", "Context of the kubeconfig [default: its current-context]", "NAME");
    private readonly Option<string?> _namespace = Global(NamespaceFlag, "Namespace, which is the tenant [default: the context's]", "NAME", "-n");
    private readonly Option<string?> _manager = Global(ManagerFlag, $"The manager's Service [default: {ServiceReference.Default.Namespace}/{ServiceReference.Default.PathName}]", "NS/SCHEME:NAME:PORT");
    private readonly Option<string?> _worker = Global(WorkerFlag, "Go straight to this worker, with a ticket of the manager", "[NS/]POD");
    private readonly Option<string?> _account = Global(AccountFlag, $"Service account whose token the manager gets [default: {TenantToken.DefaultServiceAccount}]", "NAME");

    public void AddToRoot(RootCommand root)
    {
        foreach (var option in (Option[])[_kubeconfig, _context, _namespace, _manager, _worker, _account])
        {
            root.Options.Add(option);
        }
    }

    public void AddTo(Command command)
    {
        // The root has them for all.
    }

    /// <summary>The manager, or the worker that a flag names.</summary>
    /// <exception cref="CommandException">No kubeconfig leads to a cluster.</exception>
    public ServerSession Open(ParseResult result)
    {
        var context = Context(result);
        var manager = result.GetValue(_manager) is { } text ? ServiceReference.Parse(text, ManagerFlag) : ServiceReference.Default;
        var account = ResourceName.Subdomain(result.GetValue(_account) ?? TenantToken.DefaultServiceAccount, AccountFlag);
        var worker = result.GetValue(_worker) is { } pod ? WorkerReference.Parse(pod, context.Namespace, WorkerFlag) : null;
        var connection = new ClusterConnection(context, TimeProvider.System);
        var server = connection.Manager(manager, account);
        return ServerSession.Over(connection, worker is null ? server : connection.Worker(worker, server));
    }

    /// <summary>The API server alone.</summary>
    /// <exception cref="CommandException">No kubeconfig leads to a cluster.</exception>
    public ClusterConnection Connect(ParseResult result) => new(Context(result), TimeProvider.System);

    private KubeContext Context(ParseResult result)
    {
        var context = Kubeconfig.Load(result.GetValue(_kubeconfig), result.GetValue(_context));
        return result.GetValue(_namespace) is { } named
            ? context with { Namespace = ResourceName.Label(named, NamespaceFlag) }
            : context with { Namespace = ResourceName.Label(context.Namespace, $"namespace of context '{context.Name}'") };
    }

    private static Option<string?> Global(string name, string description, string helpName, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = helpName,
        Recursive = true,
    };
}
