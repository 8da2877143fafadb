using System.CommandLine;

namespace Sandcastle.Daemon.Options;

/// <summary><c>--hold-receipts</c>: for the time in which a ledger is moved or mended.</summary>
internal sealed class HoldFlag
{
    private readonly Option<bool> _hold = new("--hold-receipts")
    {
        Description = "Leave receipts in the workers' journals, which grow meanwhile; a start without this carries them into the ledger",
    };

    internal void AddTo(Command command) => command.Options.Add(_hold);

    internal bool Read(ParseResult result) => result.GetValue(_hold);
}
