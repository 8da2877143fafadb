using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Telemetry;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Manager.Edges.Grpc;

/// <summary>What a call throws becomes its status: what <see cref="RequestBoundary"/> is to the other edges, which gRPC lets see nothing.</summary>
internal sealed partial class RefusalInterceptor(ManagerMetrics metrics, ILogger<RefusalInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
#pragma warning disable CA1031 // The boundary of a call: our failure becomes a status and a log line that share a trace id.
        catch (Exception e) when (e is not RpcException)
#pragma warning restore CA1031
        {
            throw Translate(e, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
#pragma warning disable CA1031 // The same.
        catch (Exception e) when (e is not RpcException)
#pragma warning restore CA1031
        {
            throw Translate(e, context);
        }
    }

    private RpcException Translate(Exception exception, ServerCallContext context)
    {
        if (exception is OperationCanceledException && context.CancellationToken.IsCancellationRequested)
        {
            return new RpcException(new Status(StatusCode.Cancelled, "the call was cancelled, or its deadline has passed"));
        }

        var refusal = exception switch
        {
            RefusalException e => e.Refusal,
            LedgerUnavailableException e => Problems.From(e),
            _ => Failure(exception, context),
        };
        metrics.Refused(refusal.Kind);
        return GrpcProblems.From(refusal);
    }

    private Refusal Failure(Exception exception, ServerCallContext context)
    {
        var traceId = ActivityTraceId.CreateRandom().ToHexString();
        LogFailure(exception, context.Method, traceId);
        return new Refusal
        {
            Kind = RefusalKind.Internal,
            Detail = $"we failed, not your program; the log has the reason under {traceId}",
            TraceId = traceId,
        };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} failed on our side, trace {TraceId}")]
    private partial void LogFailure(Exception exception, string method, string traceId);
}
