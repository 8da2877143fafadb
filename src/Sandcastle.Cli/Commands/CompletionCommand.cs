using System.CommandLine;
using Sandcastle.Cli.Completion;

namespace Sandcastle.Cli.Commands;

/// <summary><c>sandcastle completion</c>: the script that makes a shell complete our command line.</summary>
internal sealed class CompletionCommand : Command
{
    /// <param name="program">Whose command line is completed.</param>
    /// <param name="others">What there are scripts for besides shells.</param>
    public CompletionCommand(string program, params string[] others)
        : base("completion", "Print the completion script of a shell")
    {
        string[] targets = [.. CompletionScript.Shells, .. others];
        var shell = new Argument<string>("SHELL") { Description = $"{string.Join(", ", targets[..^1])} or {targets[^1]}" }.OneOf(targets);
        Arguments.Add(shell);
        SetAction(result =>
        {
            Console.Out.Write(CompletionScript.Of(result.GetRequiredValue(shell), program));
            return ExitCodes.Success;
        });
    }
}
