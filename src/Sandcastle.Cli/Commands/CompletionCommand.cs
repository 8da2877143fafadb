using System.CommandLine;
using Sandcastle.Cli.Completion;

namespace Sandcastle.Cli.Commands;

/// <summary><c>sandcastle completion</c>: the script that makes a shell complete our command line.</summary>
internal sealed class CompletionCommand : Command
{
    private readonly Argument<string> _shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" }
        .AcceptOnlyFromAmong(CompletionScript.Shells);

    /// <param name="program">Whose command line is completed.</param>
    public CompletionCommand(string program)
        : base("completion", "Print the completion script of a shell")
    {
        Arguments.Add(_shell);
        SetAction(result =>
        {
            Console.Out.Write(CompletionScript.Of(result.GetRequiredValue(_shell), program));
            return ExitCodes.Success;
        });
    }
}
