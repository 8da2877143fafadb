using System.CommandLine;
using System.Globalization;
using Sandcastle.Cli.Servers;
using Sandcastle.Cli.Tables;
using Sandcastle.Cli.Units;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Commands;

/// <summary><c>sandcastle keys</c>: API keys of tenants. Needs a key with scope admin, which the local server's own is.</summary>
internal sealed class KeysCommand : Command
{
    private const string Never = "never";

    public KeysCommand(Func<IServerOptions> server)
        : base("keys", "Make, list, rotate and revoke API keys")
    {
        Subcommands.Add(Create(server()));
        Subcommands.Add(List(server()));
        Subcommands.Add(Rotate(server()));
        Subcommands.Add(Revoke(server()));
    }

    private static Command Create(IServerOptions server)
    {
        var tenant = new Option<string>("--tenant") { Description = "Who is charged for what the key does", HelpName = "NAME", Required = true };
        var name = new Option<string?>("--name") { Description = "What you call it", HelpName = "TEXT" };
        var scope = new Option<string[]>("--scope")
        {
            Description = "What it may do: run, read or admin; may be repeated [default: run and read]",
            HelpName = "SCOPE",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
        };
        scope.OneOf("run", "read", "admin");
        var expires = Expires();
        var output = OutputFormat.Option();
        var command = new Command("create", "Make a key, and print its secret, which is shown this once") { tenant, name, scope, expires, output };
        server.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var request = new KeyRequest
            {
                Tenant = result.GetValue(tenant),
                Name = result.GetValue(name),
                Scopes = result.GetValue(scope) is { Length: > 0 } scopes ? scopes : null,
                ExpiresAt = result.GetValue(expires),
            };
            await using var session = server.Open(result);
            var key = await session.CallAsync(client => client.CreateKeyAsync(request, cancellationToken), cancellationToken);
            PrintSecret(key, result.GetValue(output)!, $"key {key.Id} of tenant {key.Tenant}; its secret is not shown again");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command List(IServerOptions server)
    {
        var tenant = new Option<string?>("--tenant") { Description = "Keys of this tenant only", HelpName = "NAME" };
        var output = OutputFormat.Option();
        var command = new Command("list", "List the keys there are") { tenant, output };
        server.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = server.Open(result);
            var keys = await session.CallAsync(client => client.GetKeysAsync(result.GetValue(tenant), cancellationToken), cancellationToken);
            if (result.GetValue(output) == OutputFormat.Json)
            {
                StandardOutput.WriteJson(new KeysResponse(keys), RestJson.Default.KeysResponse);
                return ExitCodes.Success;
            }

            var listing = new Listing("ID", "TENANT", "NAME", "SCOPES", "CREATED", "EXPIRES");
            foreach (var key in keys)
            {
                listing.Add(key.Id, key.Tenant, PlainText.Of(key.Name ?? ""), string.Join(',', key.Scopes), Time(key.CreatedAt), key.ExpiresAt is { } end ? Time(end) : Never);
            }

            listing.Write();
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Rotate(IServerOptions server)
    {
        var id = Id();
        var overlap = new Option<TimeSpan?>("--overlap")
        {
            Description = "How long the old secret is good beside the new one [default: 1h]",
            HelpName = "TIME",
            CustomParser = argument =>
            {
                if (Duration.TryParse(argument.Tokens[0].Value, out var time))
                {
                    return time;
                }

                argument.AddError($"--overlap: '{argument.Tokens[0].Value}' is not {Duration.Accepted}");
                return null;
            },
        };
        var output = OutputFormat.Option();
        var command = new Command("rotate", "Give a key a new secret, and print it") { id, overlap, output };
        server.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var rotation = new KeyRotation { OverlapMs = (long?)result.GetValue(overlap)?.TotalMilliseconds };
            await using var session = server.Open(result);
            var key = await session.CallAsync(client => client.RotateKeyAsync(result.GetValue(id)!, rotation, cancellationToken), cancellationToken);
            PrintSecret(key, result.GetValue(output)!, $"key {key.Id} of tenant {key.Tenant}; the old secret is good until {Time(key.PreviousUntil!.Value)}");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Revoke(IServerOptions server)
    {
        var id = Id();
        var command = new Command("revoke", "Make a key good no more") { id };
        server.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            await using var session = server.Open(result);
            var key = await session.CallAsync(client => client.RevokeKeyAsync(result.GetValue(id)!, cancellationToken), cancellationToken);
            Messages.Write($"key {key.Id} of tenant {key.Tenant} is revoked");
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>The secret alone on stdout, so that it can be put where it belongs without being seen.</summary>
    private static void PrintSecret(KeyResponse key, string format, string remark)
    {
        if (format == OutputFormat.Json)
        {
            StandardOutput.WriteJson(key, RestJson.Default.KeyResponse);
            return;
        }

        Console.Out.WriteLine(PlainText.Of(key.Key ?? ""));
        Messages.Write(remark);
    }

    private static Argument<string> Id() => new("ID") { Description = "As 'keys list' shows it", HelpName = "ID" };

    private static Option<DateTimeOffset?> Expires() => new("--expires")
    {
        Description = "Good until then [default: until it is revoked]",
        HelpName = "TIME",
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (Rfc3339.TryParse(text, out var time))
            {
                return time;
            }

            argument.AddError($"--expires: '{text}' is not {Rfc3339.Accepted}");
            return null;
        },
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
