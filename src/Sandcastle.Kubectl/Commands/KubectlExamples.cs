using System.CommandLine;
using Sandcastle.Cli.Commands;

namespace Sandcastle.Kubectl.Commands;

/// <summary>Examples that can be pasted, for the help of each command.</summary>
internal static class KubectlExamples
{
    private const string Root = """
        Examples:
          kubectl sandcastle run -c 'print(6 * 7)'              run some Python in the current context's namespace
          sandcastle --kube=prod -n ml run hello.py             the same program, another context and namespace
          kubectl sandcastle workers -o wide                    the workers behind the manager
          kubectl sandcastle --worker pools/py-0 run -c '1'     straight to one worker, with a ticket of the manager
          kubectl sandcastle pool list -A                       the pools of all namespaces

        Exit code:
          run: that of the program, 125 when it did not run; other commands: 67 not found, 69 unavailable, 77 forbidden or
          unauthenticated, 78 the kubeconfig or its credential plugin, 2 wrong use, 1 anything else

        """;

    private const string Pool = """
        Examples:
          kubectl sandcastle pool list --watch                  pools and their slots; a line for every change
          kubectl sandcastle pool describe python               its scaling, its lots and their Workloads, what happened lately
          kubectl sandcastle pool scale python --workers 8      at least eight workers, within the pool's min and max

        """;

    private const string Lots = """
        Examples:
          kubectl sandcastle lots --pool python                 the lots of one pool
          kubectl sandcastle lots -A -o wide --watch            of all, with their Workloads and why they wait

        """;

    private const string Tenants = """
        Examples:
          kubectl sandcastle tenants -A                         credits leased and wanted, CPU and memory used of what is leased
          kubectl sandcastle tenants -o wide --watch            of one namespace, with why it waits; a line for every change

        """;

    private const string Mcp = """
        Examples:
          {"mcpServers": {"sandcastle": {"command": "sandcastle", "args": ["--kube=prod", "mcp", "-n", "ml"]}}}

        """;

    public static string Of(Command command) => command switch
    {
        KubectlCommand => Root,
        PoolCommand => Pool,
        LotsCommand => Lots,
        TenantsCommand => Tenants,
        McpCommand => Mcp,
        _ => HelpWithExamples.Of(command).Replace("sandcastle run", "kubectl sandcastle run", StringComparison.Ordinal)
            .Replace("sandcastle workers", "kubectl sandcastle workers", StringComparison.Ordinal),
    };
}
