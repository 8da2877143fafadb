using System.CommandLine;
using Sandcastle.Cli.Processes;
using Sandcastle.Client.Servers;

namespace Sandcastle.Cli.Commands;

/// <summary><c>sandcastle serve</c>: a server in the foreground. It is sandcastled, executed with its own flags.</summary>
internal sealed class ServeCommand : Command
{
    private readonly Option<string> _listen = new("--listen")
    {
        Description = "Address to serve: HOST:PORT or unix:/PATH",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => "127.0.0.1:7700",
    };

    private readonly Option<string?> _data = new("--data-dir")
    {
        Description = "Directory of the key, the ledger and the journal [env: SANDCASTLE_DATA_DIR; default: ~/.local/share/sandcastle]",
        HelpName = "DIR",
    };

    public ServeCommand()
        : base("serve", "Serve in the foreground; every other flag goes to sandcastled as it is")
    {
        Options.Add(_listen);
        Options.Add(_data);
        TreatUnmatchedTokensAsErrors = false;
        SetAction((result, _) => ChildProcess.ExecuteAsync(DaemonProgram.Find(), DaemonFlags(result)));
    }

    private IEnumerable<string> DaemonFlags(ParseResult result) =>
    [
        "--listen",
        result.GetRequiredValue(_listen),
        "--data-dir",
        result.GetValue(_data) ?? LocalServer.FromEnvironment().DataDirectory,
        .. result.UnmatchedTokens,
    ];
}
