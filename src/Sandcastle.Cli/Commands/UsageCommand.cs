using System.CommandLine;
using System.Globalization;
using Sandcastle.Cli.Runs;
using Sandcastle.Cli.Servers;
using Sandcastle.Cli.Tables;
using Sandcastle.Cli.Units;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Commands;

/// <summary><c>sandcastle usage</c>: what the receipts of the caller's tenant add up to.</summary>
internal sealed class UsageCommand : Command
{
    private const double Gibi = 1L << 30;

    private readonly Option<DateTimeOffset?> _from = Time("--from", "From this time on [default: the start of this month]");
    private readonly Option<DateTimeOffset?> _to = Time("--to", "Before this time [default: now]");
    private readonly Option<string> _output = OutputFormat.Option();
    private readonly IServerOptions _server;

    public UsageCommand(IServerOptions server)
        : base("usage", "Sum up the receipts by template and outcome")
    {
        _server = server;
        Options.Add(_from);
        Options.Add(_to);
        Options.Add(_output);
        _server.AddTo(this);
        SetAction(InvokeAsync);
    }

    private async Task<int> InvokeAsync(ParseResult result, CancellationToken cancellationToken)
    {
        await using var session = _server.Open(result);
        var usage = await session.CallAsync(
            client => client.GetUsageAsync(result.GetValue(_from), result.GetValue(_to), cancellationToken), cancellationToken);
        if (result.GetValue(_output) == OutputFormat.Json)
        {
            StandardOutput.WriteJson(usage, RestJson.Default.UsageResponse);
        }
        else
        {
            Print(usage);
        }

        return ExitCodes.Success;
    }

    private static void Print(UsageResponse usage)
    {
        var listing = new Listing("TEMPLATE", "OUTCOME", ">RUNS", ">CPU", ">WALL", ">GIB-SECONDS", ">READ", ">WRITTEN", ">OUTPUT");
        foreach (var row in usage.Rows)
        {
            Add(listing, row, row.Template ?? "", RunSummary.OutcomeName(row.Outcome));
        }

        Add(listing, usage.Total, "TOTAL", "");
        listing.Write();
        Console.Error.WriteLine($"tenant {usage.Tenant}, {usage.From:u} to {usage.To:u}");
    }

    private static void Add(Listing listing, UsageRow row, string template, string outcome) => listing.Add(
        template,
        outcome,
        row.Runs.ToString(CultureInfo.InvariantCulture),
        Duration.Format(TimeSpan.FromMicroseconds(row.CpuMicros)),
        Duration.Format(TimeSpan.FromMicroseconds(row.WallMicros)),
        (row.MemoryByteSeconds / Gibi).ToString("0.######", CultureInfo.InvariantCulture),
        ByteSize.Format(row.IoReadBytes),
        ByteSize.Format(row.IoWriteBytes),
        ByteSize.Format(row.OutputBytes));

    private static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                return time;
            }

            argument.AddError($"{name}: '{text}' is not a time like 2026-05-01 or 2026-05-01T12:00:00Z");
            return null;
        },
    };
}
