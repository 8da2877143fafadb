using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Sandcastle.Cli.Commands;

/// <summary>The library's help, then examples that can be pasted, then what the exit codes of <c>run</c> mean.</summary>
internal sealed class HelpWithExamples(HelpAction help, Func<Command, string> examples) : SynchronousCommandLineAction
{
    private const string RunExamples = """
        Examples:
          sandcastle run hello.py                               run a file; its extension picks the template
          sandcastle run -c 'print(6 * 7)'                      run some Python
          echo 'ls -l /' | sandcastle run -t bash -             run a script that comes on stdin
          sandcastle run sum.py --stdin numbers.txt -- -v       give it stdin and arguments
          sandcastle run plot.py -t python-data --upload data.csv --download 'out/*.png'
          sandcastle run -v --timeout 2s --memory 128M -c 'while True: pass'
          sandcastle run -o json -c 'print(1)' | jq .receipt
          sandcastle run --queue 30s job.py                     wait in line when your tenant has as many runs as it may

        Exit code:
          that of the program; 128 + N when signal N ended it; 124 timed out; 137 out of memory; 153 output limit;
          130 cancelled; 141 nobody reads our output; 125 the program did not run, or was interrupted by no fault of its own

        """;

    private const string RootExamples = """
        Examples:
          sandcastle run -c 'print(6 * 7)'                      run some Python; a server is started when none runs
          sandcastle run --help                                 files in and out, limits, exit codes
          sandcastle doctor                                     what this machine lacks
          sandcastle serve --listen 127.0.0.1:7700              a server for others
          sandcastle completion bash                            completion for your shell
          sandcastle --kube run -c 'print(6 * 7)'               the same in a cluster; sandcastle --kube --help for more

        Without --server and SANDCASTLE_SERVER, commands use a background server of your own, which leaves after ten idle minutes.

        """;

    private const string WorkersExamples = """
        Examples:
          sandcastle workers                                    who has slots, and who is draining
          sandcastle workers -o wide --watch                    with versions and templates; a line for every change
          sandcastle workers -o json | jq '[.workers[].slotsReady] | add'

        """;

    private const string KeysExamples = """
        Examples:
          sandcastle keys create --tenant team-a --scope run > key     a key that runs programs and sees nothing; stdout has the secret alone
          sandcastle keys rotate key_0123456789abcdef --overlap 24h    a new secret; the old one is good for a day
          sandcastle keys revoke key_0123456789abcdef

        """;

    private const string TenantsExamples = """
        Examples:
          sandcastle tenants set team-a --weight 3 --concurrent-runs 8 --cpus 2 --memory 4G
          sandcastle tenants set team-a --budget-day-cpu-seconds 3600 --template python --template bash
          sandcastle tenants set team-a --cpus none                    no limit any more
          sandcastle tenants use                                       what runs, what waits, whose budget is spent

        """;

    private const string McpExamples = """
        Examples:
          {"mcpServers": {"sandcastle": {"command": "sandcastle", "args": ["mcp"]}}}

        """;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.Write(examples(parseResult.CommandResult.Command));
        return code;
    }

    /// <summary>Makes this the help of a program, and what it prints when it is called without a verb.</summary>
    public static void AddTo(RootCommand root, Func<Command, string> examples)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        var print = new HelpWithExamples((HelpAction)option.Action!, examples);
        option.Action = print;
        root.SetAction(print.Invoke);
    }

    /// <summary>The examples of this program's commands.</summary>
    public static string Of(Command command) => command switch
    {
        RunCommand => RunExamples,
        WorkersCommand => WorkersExamples,
        SandcastleCommand => RootExamples,
        McpCommand => McpExamples,
        KeysCommand => KeysExamples,
        TenantsCommand => TenantsExamples,
        _ => "",
    };
}
