using System.CommandLine;

namespace Sandcastle.Cli.Tables;

/// <summary>The flags of a listing: how it is printed, and whether it goes on with what changes.</summary>
internal sealed class ListingFlags
{
    private readonly Option<string> _output = OutputFormat.ListingOption();

    private readonly Option<bool> _watch = new("--watch", "-w")
    {
        Description = "Go on: print what changes, until interrupted",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_output);
        command.Options.Add(_watch);
    }

    public string Format(ParseResult result) => result.GetRequiredValue(_output);

    public bool Watch(ParseResult result) => result.GetValue(_watch);
}
