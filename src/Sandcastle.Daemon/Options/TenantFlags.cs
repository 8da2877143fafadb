using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Sandcastle.Manager.Tenants;

namespace Sandcastle.Daemon.Options;

/// <summary>The flags that bound tenants: what each may have that has no terms of its own, and how long runs may wait in line.</summary>
internal sealed class TenantFlags
{
    private static readonly TenantOptions BuiltIn = new();

    private readonly Option<long?> _runs = Number<long>("--tenant-concurrent-runs", "most runs at one time", "N", 0);
    private readonly Option<double?> _cpus = Number<double>("--tenant-cpus", "most CPUs, as a measured rate", "N", 0.001);

    private readonly Option<long?> _memory = new("--tenant-memory")
    {
        Description = Meaning("most memory of its runs at one time, by their limits"),
        HelpName = "SIZE",
        CustomParser = result => Parse<long>(result, "a size of at least 1M", text => Quantity.TryParseBytes(text, out var bytes) && bytes >= 1 << 20 ? bytes : null),
    };

    private readonly Option<double?> _rate = Number<double>("--tenant-runs-per-second", "most runs started in a second", "N", 0.001);
    private readonly Option<double?> _hourCpu = Number<double>("--tenant-hour-cpu-seconds", "CPU-seconds in a calendar hour (UTC)", "N", 0);
    private readonly Option<double?> _hourGib = Number<double>("--tenant-hour-gib-seconds", "GiB-seconds in a calendar hour (UTC)", "N", 0);
    private readonly Option<double?> _dayCpu = Number<double>("--tenant-day-cpu-seconds", "CPU-seconds in a day (UTC)", "N", 0);
    private readonly Option<double?> _dayGib = Number<double>("--tenant-day-gib-seconds", "GiB-seconds in a day (UTC)", "N", 0);
    private readonly Option<double?> _monthCpu = Number<double>("--tenant-month-cpu-seconds", "CPU-seconds in a month (UTC)", "N", 0);
    private readonly Option<double?> _monthGib = Number<double>("--tenant-month-gib-seconds", "GiB-seconds in a month (UTC)", "N", 0);

    private readonly Option<int> _queue = new("--tenant-queue")
    {
        Description = "Most runs of one tenant that wait in line; what is beyond is refused as quota_exceeded",
        HelpName = "N",
        DefaultValueFactory = _ => BuiltIn.QueueLength,
    };

    private readonly Option<string> _queueWait = new("--max-queue-wait")
    {
        Description = "The longest that a run may ask to wait in line",
        HelpName = "TIME",
        DefaultValueFactory = _ => "5m",
    };

    private readonly Option<int> _keys = new("--tenant-keys")
    {
        Description = "Most API keys of one tenant",
        HelpName = "N",
        DefaultValueFactory = _ => BuiltIn.KeysPerTenant,
    };

    private readonly Option<int> _metrics = new("--metrics-tenants")
    {
        Description = "Most tenants that metrics name; the others are summed up as '_other'",
        HelpName = "N",
        DefaultValueFactory = _ => BuiltIn.TenantsInMetrics,
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])
            [_runs, _cpus, _memory, _rate, _hourCpu, _hourGib, _dayCpu, _dayGib, _monthCpu, _monthGib, _queue, _queueWait, _keys, _metrics])
        {
            command.Options.Add(option);
        }
    }

    public TenantOptions Read(ParseResult result, List<string> faults)
    {
        if (!Quantity.TryParseDuration(result.GetValue(_queueWait)!, out var wait))
        {
            faults.Add($"--max-queue-wait: '{result.GetValue(_queueWait)}' is no duration; write 30s, 5m, or 0 for no waiting");
        }

        return new TenantOptions
        {
            Defaults = new TenantTerms
            {
                ConcurrentRuns = result.GetValue(_runs) is { } runs ? (int)Math.Min(runs, int.MaxValue) : null,
                CpuMillis = result.GetValue(_cpus) is { } cpus ? (long)Math.Round(cpus * 1000) : null,
                MemoryMib = result.GetValue(_memory) >> 20,
                RunsPerSecond = result.GetValue(_rate),
                Budget = new TenantBudget
                {
                    Hour = new BudgetAmount(result.GetValue(_hourCpu), result.GetValue(_hourGib)),
                    Day = new BudgetAmount(result.GetValue(_dayCpu), result.GetValue(_dayGib)),
                    Month = new BudgetAmount(result.GetValue(_monthCpu), result.GetValue(_monthGib)),
                },
            },
            QueueLength = AtLeast("--tenant-queue", result.GetValue(_queue), 0, faults),
            MostQueueWait = wait,
            KeysPerTenant = AtLeast("--tenant-keys", result.GetValue(_keys), 0, faults),
            TenantsInMetrics = AtLeast("--metrics-tenants", result.GetValue(_metrics), 0, faults),
        };
    }

    private static int AtLeast(string flag, int value, int least, List<string> faults)
    {
        if (value < least)
        {
            faults.Add($"{flag} must be at least {least}");
        }

        return value;
    }

    private static string Meaning(string what) => $"Of a tenant without terms of its own: {what} (default: no limit)";

    private static Option<T?> Number<T>(string name, string what, string helpName, double least)
        where T : struct, System.Numerics.INumber<T> => new(name)
        {
            Description = Meaning(what),
            HelpName = helpName,
            CustomParser = result => Parse<T>(
                result,
                string.Create(CultureInfo.InvariantCulture, $"a number of at least {least}"),
                text => T.TryParse(text, CultureInfo.InvariantCulture, out var value) && T.IsFinite(value) && value >= T.CreateTruncating(least) ? value : null),
        };

    private static T? Parse<T>(ArgumentResult result, string expected, Func<string, T?> parse)
        where T : struct
    {
        var text = result.Tokens[^1].Value;
        if (parse(text) is { } value)
        {
            return value;
        }

        result.AddError($"{((OptionResult)result.Parent!).Option.Name}: '{text}' is not {expected}");
        return null;
    }
}
