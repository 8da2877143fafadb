using System.CommandLine;
using Sandcastle.Cli.Servers;
using Sandcastle.Cli.Tables;
using Sandcastle.Cli.Units;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Commands;

/// <summary><c>sandcastle templates</c>: what a sandbox can start as.</summary>
internal sealed class TemplatesCommand : Command
{
    private readonly Option<string> _output = OutputFormat.Option();
    private readonly IServerOptions _server;

    public TemplatesCommand(IServerOptions server)
        : base("templates", "List the templates, their default limits and their slots")
    {
        _server = server;
        Options.Add(_output);
        _server.AddTo(this);
        SetAction(InvokeAsync);
    }

    private async Task<int> InvokeAsync(ParseResult result, CancellationToken cancellationToken)
    {
        await using var session = _server.Open(result);
        var templates = await session.CallAsync(client => client.GetTemplatesAsync(cancellationToken), cancellationToken);
        if (result.GetValue(_output) == OutputFormat.Json)
        {
            StandardOutput.WriteJson(new TemplatesResponse(templates), RestJson.Default.TemplatesResponse);
        }
        else
        {
            Print(templates);
        }

        return ExitCodes.Success;
    }

    private static void Print(IReadOnlyList<TemplateResponse> templates)
    {
        var listing = new Listing("NAME", "LANGUAGE", "PROFILE", "KEEP", ">READY", ">BUSY", ">TIMEOUT", ">MEMORY", ">CPUS", "DESCRIPTION");
        foreach (var template in templates)
        {
            var limits = template.Defaults;
            listing.Add(
                template.Name,
                template.Language,
                template.Profile,
                template.Keep,
                template.Available ? $"{template.Slots.Ready}/{template.Slots.Wanted}" : "-",
                template.Available ? $"{template.Slots.Busy}" : "-",
                limits.TimeoutMs is { } timeout ? Duration.Format(TimeSpan.FromMilliseconds(timeout)) : "-",
                limits.MemoryMiB is { } memory ? ByteSize.Format(memory << 20) : "-",
                limits.Cpus is { } cpus ? $"{cpus:0.##}" : "-",
                template.Available ? template.Description : $"unavailable: {template.Reason}");
        }

        listing.Write();
    }
}
