using System.CommandLine;
using Sandcastle.Daemon.Roles;

namespace Sandcastle.Daemon.Options;

/// <summary><c>--lot</c>: who paid for this worker. A worker Pod is told by its environment.</summary>
internal sealed class LotFlag
{
    internal const string Variable = "SANDCASTLE_LOT";

    private const int MostCharacters = 253;

    private readonly Option<string?> _lot = new("--lot")
    {
        Description = $"The lot that paid for a worker, in its receipts: 1 to {MostCharacters} letters, digits, '-' and '.'; default ${Variable}, else none",
        HelpName = "NAME",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : null,
    };

    internal void AddTo(Command command) => command.Options.Add(_lot);

    internal string? Read(ParseResult result, Role role, List<string> faults)
    {
        var lot = result.GetValue(_lot);
        var isGiven = result.GetResult(_lot) is { Implicit: false };
        if (role is not (Role.All or Role.Worker))
        {
            if (isGiven)
            {
                faults.Add("--lot is a worker's; this is a process of another role");
            }

            return null;
        }

        if (lot is { } name && (name.Length is 0 or > MostCharacters || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')))
        {
            faults.Add($"{(isGiven ? "--lot" : "$" + Variable)} must be 1 to {MostCharacters} letters, digits, '-' and '.'");
        }

        return lot;
    }
}
