using Sandcastle.Client.Servers;

namespace Sandcastle.Cli.Tests.Client;

public sealed class LocalServerTests
{
    [Theory]
    [InlineData(null, null, null, "/home/u/.local/share/sandcastle", "/home/u/.local/share/sandcastle/sandcastled.sock")]
    [InlineData(null, "/run/user/7", null, "/home/u/.local/share/sandcastle", "/run/user/7/sandcastle/sandcastled.sock")]
    [InlineData(null, null, "/share", "/share/sandcastle", "/share/sandcastle/sandcastled.sock")]
    [InlineData("/data", "/run/user/7", "/share", "/data", "/data/sandcastled.sock")]
    [InlineData("", "", "", "/home/u/.local/share/sandcastle", "/home/u/.local/share/sandcastle/sandcastled.sock")]
    public void From_environment_finds_data_and_socket(string? named, string? runtime, string? share, string data, string socket)
    {
        var server = LocalServer.From(name => name switch
        {
            "SANDCASTLE_DATA_DIR" => named,
            "XDG_RUNTIME_DIR" => runtime,
            "XDG_DATA_HOME" => share,
            _ => null,
        }, () => "/home/u");

        server.DataDirectory.ShouldBe(data);
        server.SocketPath.ShouldBe(socket);
    }
}
