using System.CommandLine;
using Sandcastle.Cli.Ledgers;
using Sandcastle.Cli.Processes;
using Sandcastle.Cli.Servers;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Commands;

/// <summary>
/// <c>sandcastle ledger verify|export</c>: looks into a ledger itself, served or not. Only sandcastled knows how, so it is executed. A server that is
/// named proves its ledger itself.
/// </summary>
internal sealed class LedgerCommand : Command
{
    /// <summary>The books are read, and something in them is wrong.</summary>
    private const int Broken = 1;

    /// <summary>Flags of sandcastled that say which ledger: whoever gives one means that, and no server.</summary>
    private static readonly string[] OfALedger = ["--ledger", "--data-dir"];

    public LedgerCommand()
        : base("ledger", "Prove the books of a ledger, or export its receipts")
    {
        Subcommands.Add(Verify());
        var export = Verb("export", "Write receipts as CSV or JSON Lines: --format, --from, --to, --tenant. Takes the flags of sandcastled: --ledger, --data-dir");
        export.SetAction((result, _) => ExecuteAsync(["export", .. result.UnmatchedTokens]));
        Subcommands.Add(export);
    }

    private static Command Verify()
    {
        var server = new ServerOptions();
        var output = new Option<string>("--output", "-o") { Description = "text or json", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var command = Verb(
            "verify",
            "Prove that every receipt is posted once and every sum is right; exit code 1 where not. Of the server that is named, or of a ledger itself by the flags of sandcastled: --ledger, --data-dir");
        command.Options.Add(output);
        server.AddNamesTo(command);
        command.SetAction((result, cancellationToken) =>
        {
            var ofALedger = result.UnmatchedTokens.Any(token => OfALedger.Contains(token.Split('=')[0], StringComparer.Ordinal));
            if (ofALedger && server.IsNamed(result, byFlagAlone: true))
            {
                throw new UsageException("--server names whose ledger it is: --ledger and --data-dir say the same of one that is read without a server");
            }

            var format = result.GetRequiredValue(output);
            return server.IsNamed(result, byFlagAlone: ofALedger)
                ? AskAsync(server, result, format, cancellationToken)
                : ExecuteAsync(["verify", .. result.UnmatchedTokens, "-o", format]);
        });
        return command;
    }

    private static async Task<int> AskAsync(ServerOptions server, ParseResult result, string format, CancellationToken cancellationToken)
    {
        if (result.UnmatchedTokens is [var unknown, ..])
        {
            throw new UsageException($"'{unknown}' is no flag of ledger verify for a server");
        }

        await using var session = server.Open(result);
        var proof = await session.CallAsync(client => client.VerifyLedgerAsync(cancellationToken), cancellationToken);
        if (format == "json")
        {
            StandardOutput.WriteJson(proof, RestJson.Default.LedgerProofResponse);
        }
        else
        {
            ProofText.Write(proof);
        }

        return proof.Holds ? ExitCodes.Success : Broken;
    }

    private static Task<int> ExecuteAsync(IEnumerable<string> arguments) => ChildProcess.ExecuteAsync(DaemonProgram.Find(), ["ledger", .. arguments]);

    private static Command Verb(string name, string description) => new(name, description) { TreatUnmatchedTokensAsErrors = false };
}
