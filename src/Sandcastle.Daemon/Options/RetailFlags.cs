using System.CommandLine;
using Sandcastle.Daemon.Roles;
using Sandcastle.Operator.Retail;

namespace Sandcastle.Daemon.Options;

/// <summary>The flags about tenants in a cluster: how an operator leases capacity to them, and whom a manager serves.</summary>
internal sealed class RetailFlags
{
    private readonly Option<string> _growth = new("--lease-growth")
    {
        Description = "How leases grow: slices (Kueue's gate ElasticJobsViaWorkloadSlices) or additive; role operator",
        HelpName = "HOW",
        DefaultValueFactory = _ => "slices",
    };

    private readonly Option<string> _queue = new("--retail-queue")
    {
        Description = "The ClusterQueue whose quota follows the admitted lots; role operator",
        HelpName = "NAME",
        DefaultValueFactory = _ => new RetailOptions().Queue,
    };

    private readonly Option<double> _oversubscription = new("--oversubscription")
    {
        Description = "Its quota in parts of their capacity, 0.01 to 100; role operator",
        HelpName = "FACTOR",
        DefaultValueFactory = _ => new RetailOptions().Oversubscription,
    };

    private readonly Option<string> _unknown = new("--unknown-tenants")
    {
        Description = "A namespace without a Tenant: serve (without limits, outside of any lease) or refuse; role manager with --workers=pods",
        HelpName = "WHAT",
        DefaultValueFactory = _ => "serve",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_growth, _queue, _oversubscription, _unknown])
        {
            command.Options.Add(option);
        }
    }

    public DaemonOptions Read(ParseResult result, DaemonOptions options, List<string> faults)
    {
        var retail = new RetailOptions
        {
            Growth = Choice(result, _growth, faults, ("slices", LeaseGrowth.Slices), ("additive", LeaseGrowth.Additive)),
            Queue = result.GetValue(_queue)!,
            Oversubscription = result.GetValue(_oversubscription),
        };
        if (retail.Queue.Length is 0 or > 253)
        {
            faults.Add("--retail-queue must be 1 to 253 characters");
        }

        if (retail.Oversubscription is not (>= 0.01 and <= 100))
        {
            faults.Add("--oversubscription must be between 0.01 and 100");
        }

        RefuseElsewhere(result, Role.Operator, options.Role, [_growth, _queue, _oversubscription], faults);
        RefuseElsewhere(result, Role.Manager, options.Role, [_unknown], faults);
        return options with
        {
            Retail = retail,
            UnknownTenants = Choice(result, _unknown, faults, ("serve", UnknownTenants.Serve), ("refuse", UnknownTenants.Refuse)),
        };
    }

    private static void RefuseElsewhere(ParseResult result, Role role, Role actual, IEnumerable<Option> flags, List<string> faults)
    {
        if (role != actual)
        {
            faults.AddRange(flags.Where(flag => result.GetResult(flag) is { Implicit: false })
                .Select(flag => $"{flag.Name} is {(role == Role.Operator ? "an operator" : "a manager")}'s; this is a process of another role"));
        }
    }

    private static T Choice<T>(ParseResult result, Option<string> option, List<string> faults, (string Word, T Value) one, (string Word, T Value) other)
    {
        var word = result.GetValue(option)!;
        if (word != one.Word && word != other.Word)
        {
            faults.Add($"{option.Name}: '{word}' is neither {one.Word} nor {other.Word}");
        }

        return word == other.Word ? other.Value : one.Value;
    }
}
