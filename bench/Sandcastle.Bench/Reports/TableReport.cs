using Spectre.Console;

namespace Sandcastle.Bench.Reports;

/// <summary>The report for people.</summary>
internal static class TableReport
{
    // Where the output is no terminal, whose width would then be taken to be 80.
    private const int WidthOfFiles = 200;

    public static void Write(IAnsiConsole console, BenchReport report)
    {
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = WidthOfFiles;
        }

        var machine = report.Machine;
        console.WriteLine($"{machine.Cores} × {machine.CpuModel}, {machine.MemoryGiB} GiB, Linux {machine.Kernel}, cgroups {machine.Cgroups}, "
            + $"load {machine.LoadAverageAtStart:0.00} at start, keep {report.Keep}, {machine.Python}, commit {machine.Commit}, took {report.TookSeconds:0} s");
        if (report.Quick)
        {
            console.MarkupLine("[yellow]--quick: too few repetitions to prove anything[/]");
        }

        WritePromises(console, report);
        foreach (var breakdown in report.Breakdowns)
        {
            WriteBreakdown(console, breakdown);
        }

        WriteLatencies(console, report);
        foreach (var note in report.Notes)
        {
            console.WriteLine("· " + note);
        }
    }

    private static void WritePromises(IAnsiConsole console, BenchReport report)
    {
        if (report.Rows.Count == 0)
        {
            return;
        }

        var table = NewTable("", "measure", "product", "against", "baseline", "ratio", "must", "aim", "verdict");
        Wrap(table, 1, 3, 8);
        foreach (var row in report.Rows)
        {
            table.AddRow(Cells(
                $"{row.Measure}",
                row.Name,
                row.Product?.ToString() ?? "",
                row.Against,
                row.Baseline?.ToString() ?? "",
                row.Ratio is { } ratio ? Ratio(ratio) : "",
                row.Must?.ToString() ?? (row.Aim is null ? "" : "reported"),
                row.Aim?.ToString() ?? "",
                VerdictOf(row)));
        }

        console.Write(table);

        static string VerdictOf(Row row) => row.Verdict switch
        {
            Verdict.AimMet => "[green]aim met[/]",
            Verdict.Met => "[green]met[/], aim missed",
            Verdict.Missed => $"[red]missed[/]{Reason(row.Flaw)}",
            Verdict.Skipped => $"[yellow]skipped[/]{Reason(row.Skipped)}",
            Verdict.Failed => $"[red]failed[/]{Reason(row.Failed)}",
            _ => row.Aim is null ? "reported" : "reported, aim missed",
        };

        static string Reason(string? text) => text is null ? "" : ": " + Markup.Escape(text);
    }

    private static void WriteBreakdown(IAnsiConsole console, Breakdown breakdown)
    {
        var table = NewTable(breakdown.Title, "p50 µs", "p90", "p99", "mean");
        foreach (var (name, micros) in breakdown.Parts)
        {
            table.AddRow(Cells(name, $"{micros.P50:0}", $"{micros.P90:0}", $"{micros.P99:0}", $"{micros.Mean:0}"));
        }

        console.Write(table);
    }

    private static void WriteLatencies(IAnsiConsole console, BenchReport report)
    {
        if (report.Latencies.Count == 0)
        {
            return;
        }

        var table = NewTable("one after the other", "p50 ms", "p99", "CPU µs p50", "against", "p50 ms", "p99", "ratio p50");
        Wrap(table, 0, 4);
        foreach (var latency in report.Latencies)
        {
            var bare = latency.Bare;
            table.AddRow(Cells(
                latency.Name,
                Millis(latency.Run.P50),
                Millis(latency.Run.P99),
                $"{latency.RunCpuMicros.P50:0}",
                Markup.Escape(latency.Against),
                bare is null ? "" : Millis(bare.P50),
                bare is null ? "" : Millis(bare.P99),
                bare is null ? "" : Ratio(latency.Run.P50 / bare.P50)));
        }

        console.Write(table);
    }

    private static string Millis(double value) => $"{value:0.00}";

    private static string Ratio(double value) => value < 1 ? $"{value:0.000}" : $"{value:0.00}";

    private static Table NewTable(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
        }

        return table;
    }

    /// <summary>In a narrow terminal the words give way, not the figures.</summary>
    private static void Wrap(Table table, params int[] columns)
    {
        foreach (var column in columns)
        {
            table.Columns[column].NoWrap = false;
        }
    }

    private static Markup[] Cells(params string[] cells) => [.. cells.Select(cell => new Markup(cell))];
}
