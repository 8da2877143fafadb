using System.CommandLine;
using Sandcastle.Cli.Servers;

namespace Sandcastle.Cli.Commands;

/// <summary>The root: every verb of the program.</summary>
internal sealed class SandcastleCommand : RootCommand
{
    public SandcastleCommand()
        : base("Run code that nobody trusts, each program in a sandbox of its own.")
    {
        Command[] verbs =
        [
            .. ServerVerbs(static () => new ServerOptions()),
            new KeysCommand(static () => new ServerOptions()),
            new TenantsCommand(static () => new ServerOptions()),
            new DoctorCommand(),
            new LedgerCommand(),
            new ServeCommand(),
            new McpCommand(),
            new CompletionCommand("sandcastle"),
        ];
        foreach (var verb in verbs)
        {
            Subcommands.Add(verb);
        }

        HelpWithExamples.AddTo(this, HelpWithExamples.Of);
    }

    /// <summary>The verbs that are calls of a server, whichever way leads there.</summary>
    /// <param name="server">Makes the flags of one verb.</param>
    public static Command[] ServerVerbs(Func<IServerOptions> server) =>
        [new RunCommand(server()), new TemplatesCommand(server()), new UsageCommand(server()), new WorkersCommand(server())];
}
