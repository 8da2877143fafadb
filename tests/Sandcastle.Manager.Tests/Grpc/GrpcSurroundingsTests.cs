using System.Net.Sockets;
using System.Text;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using Sandcastle.Client.Grpc;
using Sandcastle.Grpc.V1;
using Sandcastle.Manager.Tests.Fakes;

namespace Sandcastle.Manager.Tests.Grpc;

/// <summary>What needs no key: reflection and health. And what is not there.</summary>
public sealed class GrpcSurroundingsTests
{
    public static TheoryData<GrpcWire> Wires => GrpcCallers.Wires;

    [Fact]
    public async Task Reflection_listsTheService()
    {
        await using var server = await ManagerServer.StartAsync();
        using var channel = server.Channel(GrpcWire.Native);
        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(cancellationToken: TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, TestContext.Current.CancellationToken);
        (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();
        call.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name)
            .ShouldBe(
                [
                    "sandcastle.v1.SandcastleService", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
                ],
                ignoreOrder: true);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { FileContainingSymbol = "sandcastle.v1.SandcastleService" }, TestContext.Current.CancellationToken);
        (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();
        call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto.ShouldNotBeEmpty();
        await call.RequestStream.CompleteAsync();
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Health_followsTheSlots(GrpcWire wire)
    {
        await using var server = await ManagerServer.StartAsync();
        using var channel = server.Channel(wire);
        var health = new Health.HealthClient(channel);
        foreach (var service in (string[])["", "sandcastle.v1.SandcastleService"])
        {
            server.Worker.Templates = [FakeWorker.Template("python")];
            (await CheckAsync(service)).ShouldBe(HealthCheckResponse.Types.ServingStatus.Serving);
            server.Worker.Templates = [FakeWorker.Template("python") with { SlotsReady = 0 }];
            (await CheckAsync(service)).ShouldBe(HealthCheckResponse.Types.ServingStatus.NotServing);
        }

        async Task<HealthCheckResponse.Types.ServingStatus> CheckAsync(string service) =>
            (await health.CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: TestContext.Current.CancellationToken)).Status;
    }

    /// <summary>A message is gathered before anybody looks at it: sixty strangers held 1.4 GB of a manager, for as long as they liked.</summary>
    [Theory]
    [InlineData("grpc.health.v1.Health/Check")]
    [InlineData("grpc.health.v1.Health/Watch")]
    [InlineData("grpc.reflection.v1.ServerReflection/ServerReflectionInfo")]
    [InlineData("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")]
    public async Task Stranger_whoAnnouncesALargeMessage_isRefusedBeforeItComes(string method)
    {
        await using var server = await ManagerServer.StartAsync();
        using var connection = new TcpClient();
        await connection.ConnectAsync(server.Address.Host, server.Address.Port, TestContext.Current.CancellationToken);
        var stream = connection.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"POST /{method} HTTP/1.1\r\nHost: x\r\nContent-Type: application/grpc-web\r\nContent-Length: 1048581\r\n\r\n"),
            TestContext.Current.CancellationToken);
        await stream.WriteAsync(new byte[] { 0, 0, 16, 0, 0 }, TestContext.Current.CancellationToken);

        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!answer.ToString().Contains("grpc-status: 8", StringComparison.OrdinalIgnoreCase))
        {
            var length = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
            length.ShouldNotBe(0, answer.ToString());
            answer.Append(Encoding.ASCII.GetString(buffer, 0, length));
        }
    }

    [Fact]
    public async Task Call_unknownMethod_needsAKeyAndIsUnimplemented()
    {
        await using var server = await ManagerServer.StartAsync();
        using var channel = server.Channel(GrpcWire.Native);
        var method = new Method<byte[], byte[]>(
            MethodType.Unary, SandcastleService.Descriptor.FullName, "Rule", Marshallers.Create(b => b, b => b), Marshallers.Create(b => b, b => b));
        (await FaultAsync([])).ShouldBe(StatusCode.Unauthenticated);
        (await FaultAsync(server.WithKey())).ShouldBe(StatusCode.Unimplemented);

        async Task<StatusCode> FaultAsync(Metadata headers)
        {
            using var call = channel.CreateCallInvoker().AsyncUnaryCall(
                method, host: null, new CallOptions(headers, cancellationToken: TestContext.Current.CancellationToken), []);
            return (await Should.ThrowAsync<RpcException>(call.ResponseAsync)).StatusCode;
        }
    }
}
