using System.CommandLine;
using Sandcastle.Manager.Ledger;

namespace Sandcastle.Daemon.Options;

/// <summary>The flags that say where the ledger is, and how many managers share it.</summary>
internal sealed class LedgerFlags
{
    private const string Variable = "SANDCASTLE_LEDGER";

    private readonly Option<string?> _ledger = new("--ledger")
    {
        Description = "PostgreSQL that keeps receipts and keys: 'Host=…;Database=…' or 'postgres://…'; without it, a file in the data directory "
            + $"[env: {Variable}, where a password is not seen by others]",
        HelpName = "CONNECTION",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(Variable),
    };

    private readonly Option<int> _replicas = new("--replicas")
    {
        Description = "How many managers serve side by side; more than one needs a --ledger that they share",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_ledger);
        command.Options.Add(_replicas);
    }

    public LedgerAddress Read(ParseResult result, List<string> faults)
    {
        var address = LedgerAddress.Local;
        try
        {
            address = LedgerAddress.Parse(result.GetValue(_ledger));
        }
        catch (FormatException e)
        {
            faults.Add($"--ledger: {e.Message}");
            return address;
        }

        var replicas = result.GetValue(_replicas);
        if (replicas < 1)
        {
            faults.Add("--replicas must be at least 1");
        }
        else if (replicas > 1 && !address.IsShared)
        {
            faults.Add($"--replicas {replicas} needs a ledger that all of them share, and a SQLite file is not one: give each the same PostgreSQL by --ledger");
        }

        return address;
    }
}
