using System.CommandLine;
using System.Text.Json;
using Sandcastle.Cli.Servers;
using Sandcastle.Cli.Usage;
using Sandcastle.Client;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Commands;

/// <summary><c>sandcastle usage</c>: what receipts add up to.</summary>
internal sealed class UsageCommand : Command
{
    /// <summary>How often <c>--watch</c> asks.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Option<DateTimeOffset?> _from = Time("--from", "From this time on [default: the start of this month]");
    private readonly Option<DateTimeOffset?> _to = Time("--to", "Before this time [default: now]");

    private readonly Option<string?> _by = new("--by")
    {
        Description = "Sum up by these, with commas between: tenant, template, outcome, lot, hour, day [default: template,outcome]",
        HelpName = "WHAT",
    };

    private readonly Option<string?> _tenant = new("--tenant")
    {
        Description = "Of another tenant, or of all: '*'; for administrators [default: your own]",
        HelpName = "NAME",
    };

    private readonly Option<bool> _watch = new("--watch", "-w") { Description = "Go on: print it again whenever it has changed, until interrupted" };
    private readonly Option<string> _output = OutputFormat.DocumentOption();
    private readonly IServerOptions _server;

    public UsageCommand(IServerOptions server)
        : base("usage", "Sum up the receipts, by template and outcome or as you say")
    {
        _server = server;
        Options.Add(_from);
        Options.Add(_to);
        Options.Add(_by);
        Options.Add(_tenant);
        Options.Add(_output);
        Options.Add(_watch);
        _server.AddTo(this);
        SetAction(InvokeAsync);
    }

    private async Task<int> InvokeAsync(ParseResult result, CancellationToken cancellationToken)
    {
        await using var session = _server.Open(result);
        var question = new UsageQuestion
        {
            From = result.GetValue(_from),
            To = result.GetValue(_to),
            By = result.GetValue(_by)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            Tenant = result.GetValue(_tenant),
        };
        var format = result.GetRequiredValue(_output);
        var usage = await AskAsync();
        Print(usage, question, format, again: false);
        if (!result.GetValue(_watch))
        {
            return ExitCodes.Success;
        }

        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var next = await AskAsync();
            if (next.Total != usage.Total)
            {
                Print(usage = next, question, format, again: true);
            }
        }

        return ExitCodes.Success;

        Task<UsageResponse> AskAsync() => session.CallAsync(client => client.GetUsageAsync(question, cancellationToken), cancellationToken);
    }

    private static void Print(UsageResponse usage, UsageQuestion question, string format, bool again)
    {
        if (OutputFormat.IsDocument(format))
        {
            OutputFormat.WriteDocument(JsonSerializer.SerializeToElement(usage, RestJson.Default.UsageResponse), format);
            return;
        }

        if (again && !Console.IsOutputRedirected)
        {
            // Home, and clear what follows: the table stands where it stood.
            Console.Out.Write("\x1b[H\x1b[J");
        }

        UsageTable.Print(usage, question.By ?? UsageTable.ByTemplateAndOutcome);
    }

    private static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (Rfc3339.TryParse(text, out var time))
            {
                return time;
            }

            argument.AddError($"{name}: '{text}' is not {Rfc3339.Accepted}");
            return null;
        },
    };
}
