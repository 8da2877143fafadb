using System.Diagnostics;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Edges.Grpc;
using Sandcastle.Manager.Ledger;
using Sandcastle.Manager.Telemetry;
using Sandcastle.Manager.Tenants;
using Sandcastle.Manager.Tenants.Keys;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Manager.Edges;

/// <summary>
/// What every request passes: in, its key and the key's scopes are checked; out, whatever was thrown becomes a problem document. Stands after routing,
/// so that an endpoint can say by <see cref="OpenToAllAttribute"/> that it needs no key, and by <see cref="QuickAttribute"/> that
/// it may run where the listener polls its sockets; everything else goes to the thread pool.
/// </summary>
internal sealed partial class RequestBoundary(
    RequestDelegate next, EndpointDataSource endpoints, ICallerCheck callers, AdmissionOptions admission, ManagerMetrics metrics, ILogger<RequestBoundary> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        Refusal refusal;
        try
        {
            // What is no route is routing's own answer to a wrong method, which knows no scopes and has no body.
            var endpoint = context.GetEndpoint() as RouteEndpoint;
            if (endpoint?.Metadata.GetMetadata<QuickAttribute>() is null)
            {
                await Task.Yield();
            }

            if (endpoint?.Metadata.GetMetadata<OpenToAllAttribute>() is null)
            {
                context.User = await callers.CheckAsync(context);
                RefuseWithoutRight(context.User, endpoint);
            }

            if (endpoint is null)
            {
                throw NotHere(context.Request);
            }

            await next(context);
            return;
        }
        catch (RefusalException e)
        {
            refusal = e.Refusal;
        }
        catch (BadHttpRequestException e)
        {
            refusal = FromHttp(e);
        }
        catch (LedgerUnavailableException e)
        {
            refusal = Problems.From(e);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
#pragma warning disable CA1031 // The boundary of a request: our failure becomes an answer and a log line that share a trace id.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var traceId = ActivityTraceId.CreateRandom().ToHexString();
            LogFailure(e, context.Request.Method, context.Request.Path, traceId);
            refusal = new Refusal
            {
                Kind = RefusalKind.Internal,
                Detail = $"we failed, not your program; the log has the reason under {traceId}",
                TraceId = traceId,
            };
        }

        metrics.Refused(refusal.Kind);
        await AnswerAsync(context, refusal);
    }

    private async Task AnswerAsync(HttpContext context, Refusal refusal)
    {
        if (context.Response.HasStarted)
        {
            // Half an answer cannot be mended; a broken connection says so, an orderly end would not.
            context.Abort();
            return;
        }

        context.Response.Clear();
        if (refusal.Kind == RefusalKind.MethodNotAllowed)
        {
            context.Response.Headers.Allow = string.Join(", ", PathMethods.Of(context.Request.Path, endpoints));
        }

        try
        {
            await (GrpcProblems.IsCall(context.Request) ? GrpcProblems.WriteAsync(context, refusal) : Problems.WriteAsync(context, refusal));
        }
        catch (OperationCanceledException)
        {
            // The caller has left meanwhile.
        }
    }

    private RefusalException NotHere(HttpRequest request)
    {
        var methods = PathMethods.Of(request.Path, endpoints);
        return new RefusalException(methods.Count == 0
            ? new Refusal { Kind = RefusalKind.NotFound, Detail = $"there is nothing at {request.Path}; the interface is described at /openapi/v1.json" }
            : new Refusal { Kind = RefusalKind.MethodNotAllowed, Detail = $"{request.Path} takes {string.Join(", ", methods)}, not {FieldErrors.Shown(request.Method)}" });
    }

    private static void RefuseWithoutRight(ClaimsPrincipal user, Endpoint? endpoint)
    {
        if (CertificateIdentity.Operator.Is(user) && endpoint?.Metadata.GetMetadata<OpenToOperatorAttribute>() is null)
        {
            throw new RefusalException(new Refusal { Kind = RefusalKind.Forbidden, Detail = "the operator's certificate opens nothing but /v1/workers and /v1/tenants/use" });
        }

        var peersOnly = endpoint?.Metadata.GetMetadata<PeersOnlyAttribute>() is not null;
        if (CertificateIdentity.Manager.Is(user) != peersOnly)
        {
            throw new RefusalException(new Refusal
            {
                Kind = RefusalKind.Forbidden,
                Detail = peersOnly ? "this is between managers, who know each other by their certificates" : "a manager's certificate opens nothing but what managers ask each other",
            });
        }

        if (endpoint is null || user is not Caller caller)
        {
            return;
        }

        var needed = endpoint.Metadata.GetMetadata<NeedsScopeAttribute>()?.Scopes ?? ApiScopes.Admin;
        if (!caller.Principal.May(needed))
        {
            throw new RefusalException(new Refusal
            {
                Kind = RefusalKind.Forbidden,
                Detail = $"this needs a key with scope {string.Join(" and ", ScopeNames.Of(needed))}; yours has {string.Join(", ", ScopeNames.Of(caller.Principal.Scopes))}",
            });
        }
    }

    private Refusal FromHttp(BadHttpRequestException e) => e.StatusCode == StatusCodes.Status413PayloadTooLarge
        ? new Refusal { Kind = RefusalKind.TooLarge, Detail = $"the body is larger than {admission.BodyBytes} bytes" }
        : new Refusal { Kind = RefusalKind.Invalid, Detail = e.Message };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed on our side, trace {TraceId}")]
    private partial void LogFailure(Exception exception, string method, string path, string traceId);
}
