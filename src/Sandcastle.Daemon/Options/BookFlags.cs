using System.CommandLine;
using Sandcastle.Manager.Ledger.Books;

namespace Sandcastle.Daemon.Options;

/// <summary>The flags that say how the ledger's books are kept.</summary>
internal sealed class BookFlags
{
    private static readonly BookOptions Defaults = new();

    private readonly Option<string> _meter = Time("--meter-interval", "How often capacity and leases are booked", "10s");
    private readonly Option<string> _receipts = Time("--keep-receipts", "How long the ledger keeps single receipts, in whole days", "30d");
    private readonly Option<string> _minutes = Time("--keep-minutes", "How long it keeps sums by the minute; then by the hour", "7d");
    private readonly Option<string> _hours = Time("--keep-hours", "How long it keeps sums by the hour; then by the day, for ever", "90d");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_meter, _receipts, _minutes, _hours])
        {
            command.Options.Add(option);
        }
    }

    public BookOptions Read(ParseResult result, List<string> faults)
    {
        var options = new BookOptions
        {
            MeterInterval = AtLeast(_meter, result, TimeSpan.FromSeconds(1), Defaults.MeterInterval, faults),
            Retention = new BookRetention
            {
                Receipts = AtLeast(_receipts, result, TimeSpan.FromDays(1), Defaults.Retention.Receipts, faults),
                Minutes = AtLeast(_minutes, result, TimeSpan.FromHours(1), Defaults.Retention.Minutes, faults),
                Hours = AtLeast(_hours, result, TimeSpan.FromHours(1), Defaults.Retention.Hours, faults),
            },
        };
        if (options.Retention.Hours < options.Retention.Minutes)
        {
            faults.Add("--keep-hours must not be shorter than --keep-minutes");
        }

        return options;
    }

    private static TimeSpan AtLeast(Option<string> option, ParseResult result, TimeSpan least, TimeSpan otherwise, List<string> faults)
    {
        var text = result.GetValue(option)!;
        if (Quantity.TryParseDuration(text, out var time) && time >= least)
        {
            return time;
        }

        faults.Add($"{option.Name}: '{text}' is no duration of at least {Quantity.Write(least)}; write 10s, 12h, 30d");
        return otherwise;
    }

    private static Option<string> Time(string name, string description, string usual) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        DefaultValueFactory = _ => usual,
    };
}
