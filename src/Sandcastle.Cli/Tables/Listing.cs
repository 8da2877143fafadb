using Spectre.Console;

namespace Sandcastle.Cli.Tables;

/// <summary>A table without lines: readable, and every row is one line for awk when stdout is no terminal.</summary>
internal sealed class Listing
{
    private const int WidthOfPipe = 1000;

    private readonly Table _table = new Table().Border(TableBorder.None).HideFooters();

    /// <param name="headers">A leading <c>&gt;</c> aligns the column to the right.</param>
    public Listing(params IEnumerable<string> headers)
    {
        foreach (var header in headers)
        {
            var right = header.StartsWith('>');
            var column = new TableColumn(new Text(right ? header[1..] : header, new Style(decoration: Decoration.Bold))).NoWrap().Padding(0, 0, 2, 0);
            _table.AddColumn(right ? column.RightAligned() : column);
        }
    }

    /// <summary>What stands in them is a server's word: no control character of it reaches the terminal.</summary>
    public void Add(params IEnumerable<string?> cells) => _table.AddRow(cells.Select(cell => new Text(PlainText.Of(cell ?? ""))));

    public void Write()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = WidthOfPipe;
        }

        console.Write(_table);
    }
}
