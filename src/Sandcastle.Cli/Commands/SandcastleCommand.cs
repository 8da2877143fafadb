using System.CommandLine;

namespace Sandcastle.Cli.Commands;

/// <summary>The root: every verb of the program.</summary>
internal sealed class SandcastleCommand : RootCommand
{
    public SandcastleCommand()
        : base("Run code that nobody trusts, each program in a sandbox of its own.")
    {
        Subcommands.Add(new RunCommand());
    }
}
