using System.CommandLine;
using System.IO.Pipelines;
using Sandcastle.Daemon.Options;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Ledger.Export;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Daemon.Ledgers;

/// <summary>
/// <c>sandcastled ledger</c>: looks into a ledger past its managers, which may be writing it or not run at all. It changes nothing: a ledger whose
/// schema is older is left for the manager that brings it forward.
/// </summary>
internal static class LedgerCommand
{
    internal static Command Build(Func<ParseResult, DaemonOptions> read)
    {
        var command = new Command("ledger", "Prove or export a ledger: that of --ledger, or the file in --data-dir");
        command.Subcommands.Add(Verify(read));
        command.Subcommands.Add(Export(read));
        return command;
    }

    private static Command Verify(Func<ParseResult, DaemonOptions> read)
    {
        var output = new Option<string>("--output", "-o") { Description = "text or json", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var command = new Command("verify", "Prove that the books are right, all of them; exit code 1 where they are not") { output };
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var ledger = Open(read(result));
            var proof = await ledger.VerifyAsync(cancellationToken);
            if (result.GetValue(output) == "json")
            {
                ProofReport.WriteJson(proof, Console.OpenStandardOutput());
            }
            else
            {
                ProofReport.WriteText(proof, Console.Out);
            }

            return proof.Holds ? 0 : 1;
        });
        return command;
    }

    private static Command Export(Func<ParseResult, DaemonOptions> read)
    {
        var format = new Option<string>("--format") { Description = string.Join(" or ", ReceiptFormat.Names), DefaultValueFactory = _ => "csv" };
        format.AcceptOnlyFromAmong([.. ReceiptFormat.Names]);
        var from = Time("--from", "Runs that started at this time or later [default: all]");
        var to = Time("--to", "Runs that started before this time [default: all]");
        var tenant = new Option<string?>("--tenant") { Description = "Of one tenant [default: of all]", HelpName = "NAME" };
        var command = new Command("export", "Write receipts to stdout, one a line, by tenant and time") { format, from, to, tenant };
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var ledger = Open(read(result));
            var receipts = ledger.ReadReceiptsAsync(
                result.GetValue(tenant), result.GetValue(from) ?? DateTimeOffset.UnixEpoch, result.GetValue(to) ?? DateTimeOffset.MaxValue, cancellationToken);
            var stdout = PipeWriter.Create(Console.OpenStandardOutput());
            await ReceiptFormat.Find(result.GetValue(format)!)!.WriteAsync(receipts, stdout, cancellationToken);
            return 0;
        });
        return command;
    }

    /// <exception cref="UsageException">There is no such ledger, or it cannot be read.</exception>
    private static ILedger Open(DaemonOptions options)
    {
        try
        {
            return options.Ledger.OpenForReading(options.DataDirectory, TimeProvider.System);
        }
        catch (InvalidOperationException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (Rfc3339.TryParse(text, out var time) && time >= DateTimeOffset.UnixEpoch)
            {
                return time;
            }

            argument.AddError($"{name}: '{text}' is not {Rfc3339.Accepted}");
            return null;
        },
    };
}
