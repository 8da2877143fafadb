using System.CommandLine;
using System.Globalization;
using Sandcastle.Manager.Ledger.Intake;

namespace Sandcastle.Daemon.Options;

/// <summary>The flags that say what a manager believes of a worker.</summary>
internal sealed class WorkerBoundFlags
{
    private static readonly WorkerBounds Defaults = new();

    private readonly Option<string> _grace = Text("--receipt-grace", "TIME", "A run may have taken so much longer than its time limit; else its receipt is not booked but kept aside", "5m");
    private readonly Option<string> _ahead = Text("--receipt-ahead", "TIME", "A worker's clock may be ahead of the manager's by so much", "1h");
    private readonly Option<string> _time = Text("--most-run-time", "TIME", "The longest time limit that is believed of a run; not less than any template allows", "366d");
    private readonly Option<string> _memory = Text("--most-worker-memory", "SIZE", "The most memory that is believed of a worker", "16T");

    private readonly Option<double> _cpus = new("--most-worker-cpus")
    {
        Description = "The most processors that are believed of a worker",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.Cpus,
    };

    private readonly Option<int> _aside = new("--receipts-aside")
    {
        Description = "Most refused receipts of one worker that the ledger keeps aside; more are told and counted alone",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.Aside,
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_grace, _ahead, _time, _cpus, _memory, _aside])
        {
            command.Options.Add(option);
        }
    }

    public WorkerBounds Read(ParseResult result, List<string> faults) => new()
    {
        Grace = Time(_grace, result, TimeSpan.FromSeconds(1), faults),
        Ahead = Time(_ahead, result, TimeSpan.FromSeconds(1), faults),
        RunTime = Time(_time, result, TimeSpan.FromMinutes(1), faults),
        Cpus = AtLeast(_cpus, result, 1, faults),
        MemoryBytes = Memory(result, faults),
        Aside = AtLeast(_aside, result, 0, faults),
    };

    private static TimeSpan Time(Option<string> option, ParseResult result, TimeSpan least, List<string> faults)
    {
        var text = result.GetValue(option)!;
        if (!Quantity.TryParseDuration(text, out var time) || time < least)
        {
            faults.Add($"{option.Name}: '{text}' is no duration of at least {Quantity.Write(least)}; write 10s, 12h, 30d");
        }

        return time;
    }

    private static T AtLeast<T>(Option<T> option, ParseResult result, T least, List<string> faults)
        where T : IComparable<T>
    {
        var value = result.GetValue(option)!;
        if (value.CompareTo(least) < 0)
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{option.Name} must be at least {least}"));
        }

        return value;
    }

    private long Memory(ParseResult result, List<string> faults)
    {
        var text = result.GetValue(_memory)!;
        if (!Quantity.TryParseBytes(text, out var bytes) || bytes is < 1L << 30 or > 1L << 50)
        {
            faults.Add($"--most-worker-memory: '{text}' is no size between 1G and 1024T; write 512G or 16T");
        }

        return bytes;
    }

    private static Option<string> Text(string name, string help, string description, string usual) => new(name)
    {
        Description = description,
        HelpName = help,
        DefaultValueFactory = _ => usual,
    };
}
