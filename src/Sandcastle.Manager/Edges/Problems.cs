using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Sandcastle.Manager.Edges.Rest;
using Sandcastle.Manager.Ledger;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Manager.Edges;

/// <summary>The one place where a refusal becomes a status of HTTP and of gRPC, a title, and a problem document (RFC 9457).</summary>
internal static class Problems
{
    private const string ContentType = "application/problem+json";
    private const string TypePrefix = "https://sandcastle.dev/problems/";

    public static Problem From(Refusal refusal)
    {
        var (status, _, title) = Describe(refusal.Kind);
        return new Problem
        {
            Type = TypePrefix + WireNames<RefusalKind>.Of(refusal.Kind),
            Title = title,
            Status = status,
            Detail = refusal.Detail,
            Kind = refusal.Kind,
            Errors = refusal.Errors.Count == 0 ? null : refusal.Errors,
            Position = refusal.Position,
            RetryAfterSeconds = refusal.RetryAfter is { } wait ? (long)Math.Max(1, Math.Ceiling(wait.TotalSeconds)) : null,
            TraceId = refusal.TraceId,
        };
    }

    /// <summary>A caller can do nothing about the ledger but come again; which one it is, is not his business.</summary>
    public static Refusal From(LedgerUnavailableException outage) => new()
    {
        Kind = RefusalKind.NoCapacity,
        Detail = "the ledger does not answer now",
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    public static Task WriteAsync(HttpContext context, Refusal refusal)
    {
        var problem = From(refusal);
        var headers = context.Response.Headers;
        if (problem.RetryAfterSeconds is { } wait)
        {
            headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        }

        if (refusal.Kind == RefusalKind.Unauthenticated)
        {
            headers.WWWAuthenticate = "Bearer";
        }

        return RestBody.WriteAsync(context, problem.Status, problem, RestBody.Json.Problem, ContentType);
    }

    public static StatusCode CodeOf(RefusalKind kind) => Describe(kind).Code;

    private static (int Status, StatusCode Code, string Title) Describe(RefusalKind kind) => kind switch
    {
        RefusalKind.Invalid => (StatusCodes.Status400BadRequest, StatusCode.InvalidArgument, "The request is not valid"),
        RefusalKind.Unauthenticated => (StatusCodes.Status401Unauthorized, StatusCode.Unauthenticated, "The request needs a valid key"),
        RefusalKind.Forbidden => (StatusCodes.Status403Forbidden, StatusCode.PermissionDenied, "This key may not do that"),
        RefusalKind.UnknownTemplate => (StatusCodes.Status404NotFound, StatusCode.NotFound, "There is no such template"),
        RefusalKind.NotFound => (StatusCodes.Status404NotFound, StatusCode.NotFound, "Not found"),
        RefusalKind.MethodNotAllowed => (StatusCodes.Status405MethodNotAllowed, StatusCode.Unimplemented, "Not by this method"),
        RefusalKind.TooLarge => (StatusCodes.Status413PayloadTooLarge, StatusCode.ResourceExhausted, "The request is too large"),
        RefusalKind.QuotaExceeded => (StatusCodes.Status429TooManyRequests, StatusCode.ResourceExhausted, "The quota is used up"),
        RefusalKind.TemplateUnavailable => (StatusCodes.Status503ServiceUnavailable, StatusCode.FailedPrecondition, "The template is not available"),
        RefusalKind.NoCapacity => (StatusCodes.Status503ServiceUnavailable, StatusCode.Unavailable, "No capacity now"),
        RefusalKind.Preempted => (StatusCodes.Status503ServiceUnavailable, StatusCode.Aborted, "Preempted"),
        _ => (StatusCodes.Status500InternalServerError, StatusCode.Internal, "We failed"),
    };
}
