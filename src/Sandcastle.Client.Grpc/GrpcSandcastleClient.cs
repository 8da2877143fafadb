using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Sandcastle.Client.Events;
using Sandcastle.Client.Transports;
using Sandcastle.Grpc.V1;
using Sandcastle.Protocol.Rest;
using RunRequest = Sandcastle.Protocol.Rest.RunRequest;
using UsageResponse = Sandcastle.Protocol.Rest.UsageResponse;

namespace Sandcastle.Client.Grpc;

/// <summary>Speaks <c>sandcastle.v1</c>, and answers as <see cref="SandcastleClient"/> does.</summary>
public sealed class GrpcSandcastleClient : ISandcastleClient
{
    private readonly GrpcChannel _channel;
    private readonly SandcastleService.SandcastleServiceClient _service;
    private readonly Metadata _headers = [];

    /// <param name="options">Which server, as whom; <see cref="SandcastleClientOptions.Blocking"/> means nothing here.</param>
    /// <param name="wire">Which of the server's listeners the address is.</param>
    public GrpcSandcastleClient(SandcastleClientOptions options, GrpcWire wire = GrpcWire.Native)
    {
        HttpMessageHandler handler = options.Handler ?? ServerHttp.CreateHandler(options.Server);
        if (options.Handler is not null || options.Server.BaseAddress.AbsolutePath.Length > 1)
        {
            handler = new PathHandler(handler, owned: options.Handler is null, options.Server.BaseAddress);
        }

        _channel = GrpcChannel.ForAddress(options.Server.BaseAddress, new GrpcChannelOptions
        {
            HttpHandler = wire == GrpcWire.Web ? new GrpcWebHandler(GrpcWebMode.GrpcWeb, handler) : handler,
            HttpVersion = wire == GrpcWire.Web ? new Version(1, 1) : null,
            DisposeHttpClient = true,

            // The server bounds both: a request by its --max-body, an answer by the run's output limits.
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
        });
        _service = new SandcastleService.SandcastleServiceClient(_channel);
        if (options.ApiKey is { } key)
        {
            _headers.Add("authorization", $"Bearer {key}");
        }
    }

    public async Task<RunResponse> RunAsync(RunRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        GrpcAnswers.Read(await AskAsync(_service.RunAsync, GrpcCalls.Write(request, idempotencyKey), cancellationToken), request.Encoding);

    public async IAsyncEnumerable<Events.RunEvent> StreamAsync(
        RunRequest request, string? idempotencyKey = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var call = _service.RunStream(GrpcCalls.Write(request, idempotencyKey), _headers, deadline: null, cancellationToken);
        while (await NextAsync(call.ResponseStream, cancellationToken))
        {
            var message = call.ResponseStream.Current;
            if (GrpcAnswers.Read(message, request.Encoding) is not { } runEvent)
            {
                continue;
            }

            yield return runEvent;
            if (runEvent is RunEnded)
            {
                yield break;
            }
        }

        throw new ServerUnreachableException("the server ended the stream before the run's result");
    }

    public async Task<RunResponse> GetRunAsync(string id, CancellationToken cancellationToken = default) =>
        GrpcAnswers.Read(await AskAsync(_service.GetRunAsync, new GetRunRequest { Id = id }, cancellationToken), encoding: null);

    public async Task CancelAsync(string id, CancellationToken cancellationToken = default) =>
        await AskAsync(_service.CancelRunAsync, new CancelRunRequest { Id = id }, cancellationToken);

    public async Task<IReadOnlyList<TemplateResponse>> GetTemplatesAsync(CancellationToken cancellationToken = default) =>
        [.. (await AskAsync(_service.ListTemplatesAsync, new ListTemplatesRequest(), cancellationToken)).Templates.Select(GrpcAnswers.Read)];

    public async Task<UsageResponse> GetUsageAsync(DateTimeOffset? from = null, DateTimeOffset? to = null, CancellationToken cancellationToken = default) =>
        GrpcAnswers.Read(await AskAsync(_service.UsageAsync, GrpcCalls.Usage(from, to), cancellationToken));

    public void Dispose() => _channel.Dispose();

    private async Task<TAnswer> AskAsync<TRequest, TAnswer>(
        Func<TRequest, Metadata, DateTime?, CancellationToken, AsyncUnaryCall<TAnswer>> method, TRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await method(request, _headers, null, cancellationToken);
        }
        catch (RpcException e)
        {
            throw GrpcFaults.Read(e, cancellationToken);
        }
    }

    private static async Task<bool> NextAsync<T>(IAsyncStreamReader<T> stream, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.MoveNext(cancellationToken);
        }
        catch (RpcException e)
        {
            throw GrpcFaults.Read(e, cancellationToken);
        }
    }
}
