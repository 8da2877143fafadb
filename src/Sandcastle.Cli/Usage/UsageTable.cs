using System.Globalization;
using Sandcastle.Cli.Runs;
using Sandcastle.Cli.Tables;
using Sandcastle.Cli.Units;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Usage;

/// <summary>Usage for people: a row for each combination, the total, and on stderr whose it is and how it went over time.</summary>
internal static class UsageTable
{
    public static readonly IReadOnlyList<string> ByTemplateAndOutcome = ["template", "outcome"];

    private const double Gibi = 1L << 30;
    private const int LineWidth = 72;

    public static void Print(UsageResponse usage, IReadOnlyList<string> by)
    {
        var capacity = Capacity(usage);
        var listing = new Listing([.. by.Select(b => b.ToUpperInvariant()), ">RUNS", ">CPU", ">WALL", ">GIB-SECONDS", ">READ", ">WRITTEN", ">OUTPUT", .. capacity.Select(c => c.Header)]);
        foreach (var row in usage.Rows)
        {
            listing.Add([.. by.Select(b => Key(row, b)), .. Figures(row), .. capacity.Select(c => c.Cell(row))]);
        }

        string[] total = by.Count == 0 ? [] : ["TOTAL", .. by.Skip(1).Select(_ => "")];
        listing.Add([.. total, .. Figures(usage.Total), .. capacity.Select(c => c.Cell(usage.Total))]);
        listing.Write();
        if (Line(usage, by) is { } line)
        {
            Console.Error.WriteLine($"cpu  {line}");
        }

        var whose = usage.Tenant == "*" ? "all tenants" : $"tenant {usage.Tenant}";
        Console.Error.WriteLine(PlainText.Of($"{whose}, {usage.From:u} to {usage.To:u}"));
    }

    /// <summary>CPU over time, from the first hour or day to the last; null when it was not asked by one.</summary>
    public static string? Line(UsageResponse usage, IReadOnlyList<string> by)
    {
        var step = by.Contains("hour") ? TimeSpan.FromHours(1) : by.Contains("day") ? TimeSpan.FromDays(1) : default;
        var moments = usage.Rows.Where(r => r.At is not null).ToLookup(r => r.At!.Value, r => (double)r.CpuMicros);
        if (step == default || moments.Count == 0)
        {
            return null;
        }

        var (first, last) = (moments.Min(m => m.Key), moments.Max(m => m.Key));
        return Sparkline.Of([.. Enumerable.Range(0, (int)((last - first) / step) + 1).Select(i => moments[first + (i * step)].Sum())], LineWidth);
    }

    private static string Key(UsageRow row, string by) => by switch
    {
        "tenant" => row.Tenant ?? "",
        "template" => row.Template ?? "",
        "outcome" => RunSummary.OutcomeName(row.Outcome),
        "lot" => row.Lot ?? (row.Worker is null ? "" : $"({row.Worker})"),
        "hour" => row.At?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "",
        "day" => row.At?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
        _ => "",
    };

    private static string[] Figures(UsageRow row) =>
    [
        row.Runs.ToString(CultureInfo.InvariantCulture),
        Cpu(row.CpuMicros),
        Cpu(row.WallMicros),
        (row.MemoryByteSeconds / Gibi).ToString("0.######", CultureInfo.InvariantCulture),
        ByteSize.Format(row.IoReadBytes),
        ByteSize.Format(row.IoWriteBytes),
        ByteSize.Format(row.OutputBytes),
    ];

    /// <summary>The columns of which something is known.</summary>
    private static List<(string Header, Func<UsageRow, string> Cell)> Capacity(UsageResponse usage)
    {
        (string Header, Func<UsageRow, bool> Known, Func<UsageRow, string> Cell)[] columns =
        [
            (">RESERVED", r => r.Reserved is not null, r => r.Reserved is { } a ? Cpu(a.CpuMicros) : ""),
            (">OVERHEAD", r => r.Overhead is not null, r => r.Overhead is { } a ? Cpu(a.CpuMicros) : ""),
            (">LEASED", r => r.Leased is not null, r => r.Leased is { } a ? Cpu(a.CpuMicros) : ""),
            (">EFFICIENCY", r => r.Efficiency is not null, r => r.Efficiency?.ToString("P1", CultureInfo.InvariantCulture) ?? ""),
        ];
        return [.. columns.Where(c => usage.Rows.Append(usage.Total).Any(c.Known)).Select(c => (c.Header, c.Cell))];
    }

    private static string Cpu(long micros) => Duration.Format(TimeSpan.FromMicroseconds(micros));
}
