using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;
using Google.Rpc;
using Grpc.Core;
using Sandcastle.Protocol.Refusals;

namespace Sandcastle.Client.Grpc;

/// <summary>A status as the exceptions that every client of ours throws.</summary>
internal static class GrpcFaults
{
    private const string Domain = "sandcastle.dev";
    private const string TypePrefix = "https://sandcastle.dev/problems/";

    private static readonly Dictionary<string, RefusalKind> Kinds = Enum.GetValues<RefusalKind>().ToDictionary(NameOf, StringComparer.Ordinal);

    public static Exception Read(RpcException fault, CancellationToken cancellationToken)
    {
        if (fault.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested)
        {
            return new OperationCanceledException(fault.Status.Detail, fault, cancellationToken);
        }

        var status = fault.GetRpcStatus();
        if (status?.GetDetail<ErrorInfo>() is { Domain: Domain } info)
        {
            return new SandcastleException(Problem(status, info), status.GetDetail<RetryInfo>()?.RetryDelay.ToTimeSpan());
        }

        return fault.StatusCode == StatusCode.Unavailable
            ? new ServerUnreachableException($"cannot reach the server: {fault.Status.Detail}", fault)
            : new SandcastleException(Unexplained(fault));
    }

    private static Problem Problem(Google.Rpc.Status status, ErrorInfo info) => new()
    {
        Type = TypePrefix + info.Reason,
        Title = info.Metadata.TryGetValue("title", out var title) ? title : "Refused",
        Status = info.Metadata.TryGetValue("httpStatus", out var http) && int.TryParse(http, CultureInfo.InvariantCulture, out var code) ? code : 500,
        Detail = status.Message,
        Kind = Kinds.GetValueOrDefault(info.Reason, RefusalKind.Internal),
        Errors = status.GetDetail<BadRequest>() is { } bad ? [.. bad.FieldViolations.Select(v => new FieldError(v.Field, v.Description))] : null,
        Position = info.Metadata.TryGetValue("position", out var place) && int.TryParse(place, CultureInfo.InvariantCulture, out var position) ? position : null,
        RetryAfterSeconds = status.GetDetail<RetryInfo>() is { } retry ? (long)Math.Max(1, Math.Ceiling(retry.RetryDelay.ToTimeSpan().TotalSeconds)) : null,
        TraceId = info.Metadata.TryGetValue("traceId", out var traceId) ? traceId : null,
    };

    /// <summary>Said by gRPC itself, or by something between us and the server.</summary>
    private static Problem Unexplained(RpcException fault) => new()
    {
        Type = "about:blank",
        Title = "gRPC error",
        Status = 500,
        Detail = $"gRPC status {fault.StatusCode}: {fault.Status.Detail}",
        Kind = fault.StatusCode == StatusCode.ResourceExhausted ? RefusalKind.TooLarge : RefusalKind.Internal,
    };

    private static string NameOf(RefusalKind kind) =>
        typeof(RefusalKind).GetField(kind.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name;
}
