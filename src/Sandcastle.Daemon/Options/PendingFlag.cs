using System.CommandLine;
using Sandcastle.Manager.Ledger;

namespace Sandcastle.Daemon.Options;

/// <summary><c>--pending-receipts</c>: the bound of what is remembered while the ledger takes no receipts.</summary>
internal sealed class PendingFlag
{
    private readonly Option<int> _most = new("--pending-receipts")
    {
        Description = "Most runs remembered one by one whose receipt is not in the ledger yet; beyond, they are only counted. Receipts themselves wait in the journals",
        HelpName = "N",
        DefaultValueFactory = _ => PendingReceipts.DefaultMost,
    };

    internal void AddTo(Command command) => command.Options.Add(_most);

    internal int Read(ParseResult result, List<string> faults)
    {
        var most = result.GetValue(_most);
        if (most < 1)
        {
            faults.Add("--pending-receipts must be at least 1");
        }

        return most;
    }
}
