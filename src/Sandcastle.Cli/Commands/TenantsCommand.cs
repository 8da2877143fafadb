using System.CommandLine;
using System.Globalization;
using Sandcastle.Cli.Servers;
using Sandcastle.Cli.Tables;
using Sandcastle.Cli.Tenants;
using Sandcastle.Cli.Units;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Commands;

/// <summary><c>sandcastle tenants</c>: what tenants may have, and what they use. Needs a key with scope admin, which the local server's own is.</summary>
internal sealed class TenantsCommand : Command
{
    private const int MiB = 20;

    public TenantsCommand(Func<IServerOptions> server)
        : base("tenants", "Show and set what tenants may have")
    {
        Subcommands.Add(List(server()));
        Subcommands.Add(Describe(server()));
        Subcommands.Add(Set(server()));
        Subcommands.Add(Reset(server()));
        Subcommands.Add(Use(server()));
    }

    private static Command List(IServerOptions server)
    {
        var output = OutputFormat.Option();
        var command = new Command("list", "List the tenants that have terms of their own, and the terms of all others") { output };
        server.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = server.Open(result);
            var tenants = await session.CallAsync(client => client.GetTenantsAsync(cancellationToken), cancellationToken);
            if (result.GetValue(output) == OutputFormat.Json)
            {
                StandardOutput.WriteJson(tenants, RestJson.Default.TenantsResponse);
                return ExitCodes.Success;
            }

            var listing = new Listing("TENANT", ">WEIGHT", ">RUNS", ">CPUS", ">MEMORY", ">RUNS/S", "BUDGET", "TEMPLATES");
            foreach (var tenant in tenants.Tenants)
            {
                listing.Add([tenant.Name, .. TermsText.Cells(tenant)]);
            }

            listing.Add(["(all others)", .. TermsText.Cells(tenants.Defaults)]);
            listing.Write();
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Describe(IServerOptions server)
    {
        var name = Tenant();
        var output = OutputFormat.Option();
        var command = new Command("describe", "Show a tenant's terms as they are in force") { name, output };
        server.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = server.Open(result);
            Print(await session.CallAsync(client => client.GetTenantAsync(result.GetValue(name)!, cancellationToken), cancellationToken), result.GetValue(output)!);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Set(IServerOptions server)
    {
        var name = Tenant();
        var flags = new TermsFlags();
        var output = OutputFormat.Option();
        var command = new Command("set", "Change a tenant's terms: what is given changes, 'none' takes a limit away, the rest stays") { name, output };
        flags.AddTo(command);
        server.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = server.Open(result);
            var set = await session.CallAsync(
                async client =>
                {
                    var now = await client.GetTenantAsync(result.GetValue(name)!, cancellationToken);
                    return await client.SetTenantAsync(now.Name, flags.Apply(result, now), cancellationToken);
                },
                cancellationToken);
            Print(set, result.GetValue(output)!);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Reset(IServerOptions server)
    {
        var name = Tenant();
        var command = new Command("reset", "Take a tenant's own terms away: those of all others hold for it") { name };
        server.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = server.Open(result);
            var tenant = await session.CallAsync(client => client.RemoveTenantAsync(result.GetValue(name)!, cancellationToken), cancellationToken);
            Messages.Write($"tenant {tenant.Name} has no terms of its own any more");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Use(IServerOptions server)
    {
        var output = OutputFormat.Option();
        var command = new Command("use", "Show what tenants use and want now, as the manager that answers sees it") { output };
        server.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = server.Open(result);
            var uses = await session.CallAsync(client => client.GetTenantUsesAsync(cancellationToken), cancellationToken);
            if (result.GetValue(output) == OutputFormat.Json)
            {
                StandardOutput.WriteJson(uses, RestJson.Default.TenantUsesResponse);
                return ExitCodes.Success;
            }

            var listing = new Listing("TENANT", ">RUNNING", ">WAITING", ">CPUS", ">P95", ">MEMORY", ">WANTED", "BUDGET");
            foreach (var use in uses.Tenants)
            {
                listing.Add(
                    use.Tenant,
                    use.Running.ToString(CultureInfo.InvariantCulture),
                    use.Waiting.ToString(CultureInfo.InvariantCulture),
                    Cpus(use.CpuMillis),
                    Cpus(use.CpuMillisP95),
                    ByteSize.Format(use.CommittedMemoryMib << MiB),
                    ByteSize.Format(use.WaitingMemoryMib << MiB),
                    use.BudgetSpent ? $"spent until {use.BudgetRefillsAt:u}" : "");
            }

            listing.Write();
            Console.Error.WriteLine(PlainText.Of($"manager {uses.Manager}"));
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Print(TenantResponse tenant, string format)
    {
        if (format == OutputFormat.Json)
        {
            StandardOutput.WriteJson(tenant, RestJson.Default.TenantResponse);
            return;
        }

        foreach (var (field, value) in TermsText.Lines(tenant))
        {
            Console.Out.WriteLine(PlainText.Of($"{field + ":",-18}{value}"));
        }
    }

    private static string Cpus(long millis) => (millis / 1000.0).ToString("0.##", CultureInfo.InvariantCulture);

    private static Argument<string> Tenant()
    {
        var name = new Argument<string>("NAME") { Description = "The tenant", HelpName = "NAME" };

        // Asked for it, a server would tell of something else.
        name.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "use" }])
            {
                result.AddError("NAME: no tenant is called 'use'; what all of them use is 'sandcastle tenants use'");
            }
        });
        return name;
    }
}
