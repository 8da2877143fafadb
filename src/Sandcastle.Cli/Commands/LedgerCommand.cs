using System.CommandLine;
using Sandcastle.Cli.Processes;

namespace Sandcastle.Cli.Commands;

/// <summary><c>sandcastle ledger verify|export</c>: looks into a ledger itself, served or not. Only sandcastled knows how, so it is executed.</summary>
internal sealed class LedgerCommand : Command
{
    public LedgerCommand()
        : base("ledger", "Prove the books of a ledger, or export its receipts")
    {
        Subcommands.Add(Verb("verify", "Prove that every receipt is posted once and every sum is right; exit code 1 where not"));
        Subcommands.Add(Verb("export", "Write receipts as CSV or JSON Lines: --format, --from, --to, --tenant"));
    }

    private static Command Verb(string name, string description)
    {
        var verb = new Command(name, $"{description}. Takes the flags of sandcastled: --ledger, --data-dir") { TreatUnmatchedTokensAsErrors = false };
        verb.SetAction((result, _) => ChildProcess.ExecuteAsync(DaemonProgram.Find(), ["ledger", name, .. result.UnmatchedTokens]));
        return verb;
    }
}
