using System.CommandLine;
using System.CommandLine.Help;

namespace Sandcastle.Cli.Commands;

/// <summary>The root: every verb of the program.</summary>
internal sealed class SandcastleCommand : RootCommand
{
    public SandcastleCommand()
        : base("Run code that nobody trusts, each program in a sandbox of its own.")
    {
        Command[] verbs =
        [
            new RunCommand(),
            new TemplatesCommand(),
            new UsageCommand(),
            new DoctorCommand(),
            new ServeCommand(),
            new McpCommand(),
            new CompletionCommand(),
        ];
        foreach (var verb in verbs)
        {
            Subcommands.Add(verb);
        }

        var help = Options.OfType<HelpOption>().Single();
        var print = new HelpWithExamples((HelpAction)help.Action!);
        help.Action = print;
        SetAction(print.Invoke);
    }
}
