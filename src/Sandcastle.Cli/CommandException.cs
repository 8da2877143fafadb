namespace Sandcastle.Cli;

/// <summary>Ends a command with a sentence and an exit code that says what kind of failure it was; <c>run</c> exits 125 all the same.</summary>
internal sealed class CommandException(string message, int exitCode, Exception? cause = null) : Exception(message, cause)
{
    public int ExitCode { get; } = exitCode;
}
