using System.CommandLine;
using Sandcastle.Client.Servers;

namespace Sandcastle.Cli.Servers;

/// <summary>The flags by which every command that needs a server is told which.</summary>
internal sealed class ServerOptions : IServerOptions
{
    private readonly Option<string?> _server = new("--server")
    {
        Description = "HOST:PORT, http(s)://HOST or unix:/PATH [env: SANDCASTLE_SERVER; default: a local background server]",
        HelpName = "URL",
    };

    private readonly Option<string?> _apiKey = new("--api-key")
    {
        Description = "API key [env: SANDCASTLE_API_KEY; default: the local server's]",
        HelpName = "KEY",
    };

    private readonly Option<bool> _noDaemon = new("--no-daemon")
    {
        Description = "Start a server for this command alone and end it afterwards",
    };

    public void AddTo(Command command)
    {
        AddNamesTo(command);
        command.Options.Add(_noDaemon);
    }

    /// <summary>For a command that asks a server only where one is named: see <see cref="IsNamed"/>.</summary>
    public void AddNamesTo(Command command)
    {
        command.Options.Add(_server);
        command.Options.Add(_apiKey);
    }

    /// <summary>On the command line; or, unless <paramref name="byFlagAlone"/>, in the environment.</summary>
    public bool IsNamed(ParseResult result, bool byFlagAlone) =>
        Text(result.GetValue(_server)) is not null || (!byFlagAlone && Variable("SANDCASTLE_SERVER") is not null);

    /// <exception cref="UsageException">The address is none.</exception>
    public ServerSession Open(ParseResult result)
    {
        var local = LocalServer.FromEnvironment();
        var apiKey = Text(result.GetValue(_apiKey)) ?? Variable("SANDCASTLE_API_KEY");
        if (result.GetValue(_noDaemon))
        {
            return ServerSession.OfOwnChild();
        }

        if (Text(result.GetValue(_server)) is { } flag)
        {
            return ServerSession.Remote(Address("--server", flag), apiKey, local);
        }

        return Variable("SANDCASTLE_SERVER") is { } variable
            ? ServerSession.Remote(Address("SANDCASTLE_SERVER", variable), apiKey, local)
            : ServerSession.Local(local, apiKey);
    }

    private static ServerAddress Address(string source, string text) => ServerAddress.TryParse(text, out var address)
        ? address
        : throw new UsageException($"{source}: '{text}' is no address; write http://HOST:PORT, https://HOST, HOST:PORT or unix:/PATH");

    private static string? Variable(string name) => Text(Environment.GetEnvironmentVariable(name));

    private static string? Text(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
