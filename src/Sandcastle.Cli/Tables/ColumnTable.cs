using System.Text;

namespace Sandcastle.Cli.Tables;

/// <summary>
/// A table as kubectl prints it: capital headers, columns three spaces apart, nothing around them. It can be printed in parts, so that what
/// changes later is printed under what was there; a column is as wide as what it had to hold so far.
/// </summary>
internal sealed class ColumnTable(IReadOnlyList<string> headers)
{
    private const int Gap = 3;
    private const string Nothing = "<none>";

    private int[]? _widths;

    /// <summary>Columns left free in front of every line.</summary>
    public int Indent { get; init; }

    /// <summary>Prints the headers first, when nothing was printed yet.</summary>
    public void Write(IReadOnlyList<IReadOnlyList<string?>> rows)
    {
        var lines = _widths is null ? [headers, .. rows] : rows;
        _widths ??= new int[headers.Count];
        foreach (var line in lines)
        {
            for (var column = 0; column < headers.Count; column++)
            {
                _widths[column] = Math.Max(_widths[column], Cell(line, column).Length);
            }
        }

        var text = new StringBuilder();
        foreach (var line in lines)
        {
            Append(text, line);
        }

        Console.Out.Write(text.ToString());
        Console.Out.Flush();
    }

    private void Append(StringBuilder text, IReadOnlyList<string?> line)
    {
        text.Append(' ', Indent);
        for (var column = 0; column < headers.Count; column++)
        {
            var cell = Cell(line, column);
            text.Append(column == headers.Count - 1 ? cell : cell.PadRight(_widths![column] + Gap));
        }

        text.Append('\n');
    }

    /// <summary>What is printed comes from a cluster's objects: no control character of theirs reaches the terminal.</summary>
    private static string Cell(IReadOnlyList<string?> line, int column) =>
        string.IsNullOrEmpty(line[column]) ? Nothing : PlainText.Of(line[column]!);
}
