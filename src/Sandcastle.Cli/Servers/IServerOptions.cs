using System.CommandLine;

namespace Sandcastle.Cli.Servers;

/// <summary>The flags by which a command is told which server to use, and how to reach it.</summary>
internal interface IServerOptions
{
    void AddTo(Command command);

    /// <exception cref="UsageException">The flags name no server.</exception>
    ServerSession Open(ParseResult result);
}
