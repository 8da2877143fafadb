using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Sandcastle.Client;
using Sandcastle.Client.Grpc;
using Sandcastle.Grpc.V1;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Tests.Fakes;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Manager.Tests.Grpc;

/// <summary>What is refused, with which code and which details.</summary>
public sealed class GrpcRefusalTests
{
    public static TheoryData<GrpcWire> Wires => GrpcCallers.Wires;

    public static TheoryData<RefusalKind, StatusCode> Codes => new()
    {
        { RefusalKind.Invalid, StatusCode.InvalidArgument },
        { RefusalKind.Unauthenticated, StatusCode.Unauthenticated },
        { RefusalKind.Forbidden, StatusCode.PermissionDenied },
        { RefusalKind.UnknownTemplate, StatusCode.NotFound },
        { RefusalKind.TemplateUnavailable, StatusCode.FailedPrecondition },
        { RefusalKind.NotFound, StatusCode.NotFound },
        { RefusalKind.MethodNotAllowed, StatusCode.Unimplemented },
        { RefusalKind.TooLarge, StatusCode.ResourceExhausted },
        { RefusalKind.QuotaExceeded, StatusCode.ResourceExhausted },
        { RefusalKind.NoCapacity, StatusCode.Unavailable },
        { RefusalKind.Preempted, StatusCode.Aborted },
        { RefusalKind.Internal, StatusCode.Internal },
    };

    [Fact]
    public void Codes_everyKind_isInTheTable() => Codes.Select(c => c.Data.Item1).ShouldBe(Enum.GetValues<RefusalKind>(), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Run_refused_hasTheCodeOfItsKindAndSaysTheRest(RefusalKind kind, StatusCode code)
    {
        await using var server = await ManagerServer.StartAsync(new FakeWorker
        {
            Program = _ => throw new RefusalException(new Refusal
            {
                Kind = kind,
                Detail = "no, ä",
                Errors = [new FieldError("limits.pids", "must be at most 5")],
                RetryAfter = TimeSpan.FromSeconds(3),
                TraceId = "abc",
            }),
        });
        using var channel = server.Channel(GrpcWire.Native);
        var call = new SandcastleService.SandcastleServiceClient(channel).RunAsync(
            new RunRequest { Code = "x" }, server.WithKey(), cancellationToken: TestContext.Current.CancellationToken);
        var fault = await Should.ThrowAsync<RpcException>(call.ResponseAsync);
        (fault.StatusCode, fault.Status.Detail).ShouldBe((code, "no, ä"));
        var status = fault.GetRpcStatus()!;
        var info = status.GetDetail<ErrorInfo>()!;
        (info.Domain, info.Reason).ShouldBe(("sandcastle.dev", WireNames<RefusalKind>.Of(kind)));
        info.Metadata["traceId"].ShouldBe("abc");
        status.GetDetail<BadRequest>()!.FieldViolations.Single().Field.ShouldBe("limits.pids");
        status.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(3));

        using var client = server.Grpc();
        var refused = await Should.ThrowAsync<SandcastleException>(
            client.RunAsync(new Protocol.Rest.RunRequest { Code = "x" }, cancellationToken: TestContext.Current.CancellationToken));
        (refused.Problem.Kind, refused.Problem.Detail, refused.Problem.TraceId).ShouldBe((kind, "no, ä", "abc"));
        refused.Problem.Errors!.Single().ShouldBe(new FieldError("limits.pids", "must be at most 5"));
        refused.RetryAfter.ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Run_ourFailure_isInternalWithATraceIdAndNoReason()
    {
        await using var server = await ManagerServer.StartAsync(new FakeWorker { Program = _ => throw new InvalidOperationException("secret") });
        using var client = server.Grpc();
        var refused = await Should.ThrowAsync<SandcastleException>(
            client.RunAsync(new Protocol.Rest.RunRequest { Code = "x" }, cancellationToken: TestContext.Current.CancellationToken));
        refused.Problem.Kind.ShouldBe(RefusalKind.Internal);
        refused.Problem.TraceId.ShouldNotBeNull();
        refused.Problem.Detail.ShouldNotContain("secret");
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Call_wrongOrMissingKey_isUnauthenticated(GrpcWire wire)
    {
        await using var server = await ManagerServer.StartAsync();
        using var channel = server.Channel(wire);
        var client = new SandcastleService.SandcastleServiceClient(channel);
        foreach (var headers in (Metadata[])[[], new() { { "authorization", "Bearer e2b_0000000000000000000000000000000000000000" } }, new() { { "authorization", "Basic x" } }])
        {
            var call = client.ListTemplatesAsync(new ListTemplatesRequest(), headers, cancellationToken: TestContext.Current.CancellationToken);
            var fault = await Should.ThrowAsync<RpcException>(call.ResponseAsync);
            fault.StatusCode.ShouldBe(StatusCode.Unauthenticated);
            fault.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason.ShouldBe("unauthenticated");
        }

        using var stream = client.RunStream(new RunRequest { Code = "x" }, cancellationToken: TestContext.Current.CancellationToken);
        (await Should.ThrowAsync<RpcException>(stream.ResponseStream.MoveNext(TestContext.Current.CancellationToken))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        server.Worker.RunCount.ShouldBe(0);
    }

    /// <summary>Clients that undo no more than the protocol has encoded would show the rest to people.</summary>
    [Fact]
    public async Task Call_refusedBeforeGrpcSawIt_hasAMessageInPlainAscii()
    {
        await using var server = await ManagerServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sandcastle.v1.SandcastleService/Run") { Content = new ByteArrayContent([]) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc-web");
        request.Headers.Authorization = null;
        using var client = new HttpClient();
        request.RequestUri = new Uri(server.Client.BaseAddress!, request.RequestUri!);

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        response.Headers.GetValues("grpc-message").Single().ShouldStartWith("a key is missing: send 'Authorization: Bearer KEY' or 'X-API-Key: KEY';");
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task Run_tooLargeMessage_isResourceExhausted(GrpcWire wire)
    {
        await using var server = await ManagerServer.StartAsync(admission: new AdmissionOptions { ContentBytes = 100_000 });
        using var client = server.Grpc(wire);
        (await RefusedAsync(200_000)).ShouldBeOfType<SandcastleException>().Problem.Kind.ShouldBe(RefusalKind.TooLarge);

        // Beyond what the listener itself takes. Over HTTP/1.1 a server can only close: a client that still writes may not see why.
        var refused = await RefusedAsync(3_000_000);
        if (wire == GrpcWire.Native || refused is not ServerUnreachableException)
        {
            refused.ShouldBeOfType<SandcastleException>().Problem.Kind.ShouldBe(RefusalKind.TooLarge);
        }

        // The connection that was closed may still be in the client's pool.
        using var another = server.Grpc(wire);
        (await another.RunAsync(new Protocol.Rest.RunRequest { Code = new string('x', 90_000) }, cancellationToken: TestContext.Current.CancellationToken)).ExitCode.ShouldBe(0);
        server.Worker.RunCount.ShouldBe(1);

        async Task<Exception> RefusedAsync(int bytes)
        {
            var request = new Protocol.Rest.RunRequest { Code = "x", Files = [new Protocol.Rest.RunFileContent { Path = "f", ContentBase64 = Convert.ToBase64String(new byte[bytes]) }] };
            return await Should.ThrowAsync<Exception>(client.RunAsync(request, cancellationToken: TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Run_garbledMessage_isNoFailureOfOurs()
    {
        await using var server = await ManagerServer.StartAsync();
        using var channel = server.Channel(GrpcWire.Native);
        var garbage = new Method<byte[], byte[]>(
            MethodType.Unary, SandcastleService.Descriptor.FullName, "Run", Marshallers.Create(b => b, b => b), Marshallers.Create(b => b, b => b));
        foreach (var bytes in (byte[][])[[0xff, 0xff, 0xff], [0x12, 0x7f, 1], [0x12, 2, 0xc3, 0x28]])
        {
            using var call = channel.CreateCallInvoker().AsyncUnaryCall(
                garbage, host: null, new CallOptions(server.WithKey(), cancellationToken: TestContext.Current.CancellationToken), bytes);
            var fault = await Should.ThrowAsync<RpcException>(call.ResponseAsync);
            fault.StatusCode.ShouldNotBe(StatusCode.OK);
        }

        server.Worker.RunCount.ShouldBe(0);
        var whole = new RunRequest { Code = "x" }.ToByteArray();
        using var sound = channel.CreateCallInvoker().AsyncUnaryCall(
            garbage, host: null, new CallOptions(server.WithKey(), cancellationToken: TestContext.Current.CancellationToken), whole);
        RunResult.Parser.ParseFrom(await sound.ResponseAsync).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("")]
    public async Task Run_badKey_isRefused(string key)
    {
        await using var server = await ManagerServer.StartAsync();
        using var client = server.Grpc();
        var refused = await Should.ThrowAsync<SandcastleException>(
            client.RunAsync(new Protocol.Rest.RunRequest { Code = "x" }, key, TestContext.Current.CancellationToken));
        refused.Problem.Errors!.Single().Field.ShouldBe("idempotency_key");
    }

    [Fact]
    public async Task Run_sameKeyOtherBody_isRefused()
    {
        await using var server = await ManagerServer.StartAsync();
        using var client = server.Grpc();
        await client.RunAsync(new Protocol.Rest.RunRequest { Code = "x" }, "key", TestContext.Current.CancellationToken);
        var refused = await Should.ThrowAsync<SandcastleException>(
            client.RunAsync(new Protocol.Rest.RunRequest { Code = "y" }, "key", TestContext.Current.CancellationToken));
        refused.Problem.Kind.ShouldBe(RefusalKind.Invalid);
        refused.Problem.Detail.ShouldContain("another body");
    }

    [Fact]
    public async Task GetRun_unknown_isNotFound()
    {
        await using var server = await ManagerServer.StartAsync();
        using var client = server.Grpc();
        foreach (var id in (string[])["", "run_1", "run_000000000000000000000000", new string('x', 5000)])
        {
            (await Should.ThrowAsync<SandcastleException>(client.GetRunAsync(id, TestContext.Current.CancellationToken))).Problem.Kind.ShouldBe(RefusalKind.NotFound);
            (await Should.ThrowAsync<SandcastleException>(client.CancelAsync(id, TestContext.Current.CancellationToken))).Problem.Kind.ShouldBe(RefusalKind.NotFound);
        }
    }
}
