using System.CommandLine;
using System.Globalization;
using Sandcastle.Cli.Units;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Tenants;

/// <summary>The flags that change a tenant's terms. What is allowed is the server's business; here they are only translated.</summary>
internal sealed class TermsFlags
{
    private const string None = "none";
    private const int MiB = 20;

    private readonly Option<string?> _weight = new("--weight") { Description = "Share under overload against the weights of others, 1 to 1000; 'none' for the default", HelpName = "N" };
    private readonly Option<string?> _runs = Flag("--concurrent-runs", "Most runs at one time", "N");
    private readonly Option<string?> _cpus = Flag("--cpus", "Most CPUs, as a measured rate: 1.5 is one and a half cores", "N", "--cpu");
    private readonly Option<string?> _memory = Flag("--memory", "Most memory of its runs at one time, by their limits: 4G", "SIZE");
    private readonly Option<string?> _rate = Flag("--runs-per-second", "Most runs started in a second, on average", "N");
    private readonly Option<string?> _hourCpu = Flag("--budget-hour-cpu-seconds", "CPU-seconds in a calendar hour (UTC)", "N");
    private readonly Option<string?> _hourGib = Flag("--budget-hour-gib-seconds", "GiB-seconds in a calendar hour (UTC)", "N");
    private readonly Option<string?> _dayCpu = Flag("--budget-day-cpu-seconds", "CPU-seconds in a day (UTC)", "N");
    private readonly Option<string?> _dayGib = Flag("--budget-day-gib-seconds", "GiB-seconds in a day (UTC)", "N");
    private readonly Option<string?> _monthCpu = Flag("--budget-month-cpu-seconds", "CPU-seconds in a month (UTC)", "N");
    private readonly Option<string?> _monthGib = Flag("--budget-month-gib-seconds", "GiB-seconds in a month (UTC)", "N");

    private readonly Option<string[]> _templates = new("--template")
    {
        Description = "A template that it may use, all of them together; may be repeated; 'none' lifts the restriction",
        HelpName = "NAME",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])
            [_weight, _runs, _cpus, _memory, _rate, _hourCpu, _hourGib, _dayCpu, _dayGib, _monthCpu, _monthGib, _templates])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The terms that were, with what the flags change.</summary>
    /// <exception cref="UsageException">A flag's value is none.</exception>
    public TenantRequest Apply(ParseResult result, TenantRequest now) => new()
    {
        Weight = Whole(result, _weight, now.Weight),
        Limits = new TenantLimitsRequest
        {
            ConcurrentRuns = Whole(result, _runs, now.Limits?.ConcurrentRuns),
            Cpus = Number(result, _cpus, now.Limits?.Cpus),
            MemoryMiB = Memory(result, now.Limits?.MemoryMiB),
            RunsPerSecond = Number(result, _rate, now.Limits?.RunsPerSecond),
        },
        Budget = new TenantBudgetRequest
        {
            Hour = Amount(result, _hourCpu, _hourGib, now.Budget?.Hour),
            Day = Amount(result, _dayCpu, _dayGib, now.Budget?.Day),
            Month = Amount(result, _monthCpu, _monthGib, now.Budget?.Month),
        },
        Templates = result.GetValue(_templates) switch
        {
            [None] => null,
            { Length: > 0 } templates => templates,
            _ => now.Templates,
        },
    };

    private static BudgetAmountRequest? Amount(ParseResult result, Option<string?> cpu, Option<string?> gib, BudgetAmountRequest? now)
    {
        var amount = new BudgetAmountRequest { CpuSeconds = Number(result, cpu, now?.CpuSeconds), GibSeconds = Number(result, gib, now?.GibSeconds) };
        return (amount.CpuSeconds ?? amount.GibSeconds) is null ? null : amount;
    }

    private long? Memory(ParseResult result, long? now) => result.GetValue(_memory) switch
    {
        null => now,
        None => null,
        var text when ByteSize.TryParse(text, out var bytes) => Math.Max(bytes > 0 ? 1 : 0, bytes >> MiB),
        var text => throw new UsageException($"--memory: '{text}' is not {ByteSize.Accepted}"),
    };

    private static int? Whole(ParseResult result, Option<string?> flag, int? now) => result.GetValue(flag) switch
    {
        null => now,
        None => null,
        var text when int.TryParse(text, CultureInfo.InvariantCulture, out var value) => value,
        var text => throw new UsageException($"{flag.Name}: '{text}' is not a whole number like 64, or none"),
    };

    private static double? Number(ParseResult result, Option<string?> flag, double? now) => result.GetValue(flag) switch
    {
        null => now,
        None => null,
        var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) => value,
        var text => throw new UsageException($"{flag.Name}: '{text}' is not a number like 0.5 or 2, or none"),
    };

    private static Option<string?> Flag(string name, string description, string helpName, params string[] aliases) =>
        new(name, aliases) { Description = description + "; 'none' for no limit", HelpName = helpName };
}
