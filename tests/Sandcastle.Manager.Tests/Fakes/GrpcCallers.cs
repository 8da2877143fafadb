using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Sandcastle.Client;
using Sandcastle.Client.Grpc;
using Sandcastle.Client.Servers;

namespace Sandcastle.Manager.Tests.Fakes;

/// <summary>Ways to speak to a <see cref="ManagerServer"/>.</summary>
internal static class GrpcCallers
{
    public static TheoryData<GrpcWire> Wires => [GrpcWire.Native, GrpcWire.Web];

    public static GrpcChannel Channel(this ManagerServer server, GrpcWire wire)
    {
        HttpMessageHandler handler = new SocketsHttpHandler();
        return GrpcChannel.ForAddress(AddressOf(server, wire), new GrpcChannelOptions
        {
            HttpHandler = wire == GrpcWire.Web ? new GrpcWebHandler(GrpcWebMode.GrpcWeb, handler) : handler,
            HttpVersion = wire == GrpcWire.Web ? new Version(1, 1) : null,
            DisposeHttpClient = true,
        });
    }

    public static Metadata WithKey(this ManagerServer server) => new() { { "authorization", $"Bearer {server.Key}" } };

    public static ISandcastleClient Grpc(this ManagerServer server, GrpcWire wire = GrpcWire.Native, string? key = null) => new GrpcSandcastleClient(
        new SandcastleClientOptions { Server = ServerAddress.Parse(AddressOf(server, wire).ToString()), ApiKey = key ?? server.Key }, wire);

    public static ISandcastleClient Rest(this ManagerServer server) =>
        new SandcastleClient(new SandcastleClientOptions { Server = ServerAddress.Parse(server.Address.ToString()), ApiKey = server.Key });

    private static Uri AddressOf(ManagerServer server, GrpcWire wire) => wire == GrpcWire.Web ? server.Address : server.GrpcAddress;
}
