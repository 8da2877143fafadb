using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Sandcastle.Protocol.Refusals;
using HttpRequest = Microsoft.AspNetCore.Http.HttpRequest;
using Status = Google.Rpc.Status;

namespace Sandcastle.Manager.Edges.Grpc;

/// <summary>A refusal as gRPC says it: the code that <see cref="Problems"/> gives it, and google.rpc details with the rest of the problem document.</summary>
internal static class GrpcProblems
{
    private const string Domain = "sandcastle.dev";
    private const string ContentType = "application/grpc";
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";
    private const string DetailsHeader = "grpc-status-details-bin";

    /// <summary>A header must fit in what clients and proxies take: 8 KiB of everything, as a rule.</summary>
    private const int MostErrors = 20;

    public static bool IsCall(HttpRequest request) =>
        request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) == true;

    public static RpcException From(Refusal refusal)
    {
        var status = Describe(refusal);
        return new RpcException(
            new global::Grpc.Core.Status((StatusCode)status.Code, status.Message), new Metadata { { DetailsHeader, status.ToByteArray() } });
    }

    /// <summary>For a call that was refused before gRPC saw it: an answer of trailers only.</summary>
    public static Task WriteAsync(HttpContext context, Refusal refusal)
    {
        var status = Describe(refusal);
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = ContentType;
        response.Headers[StatusHeader] = status.Code.ToString(CultureInfo.InvariantCulture);
        response.Headers[MessageHeader] = PercentEncoded(status.Message);
        response.Headers[DetailsHeader] = Convert.ToBase64String(status.ToByteArray()).TrimEnd('=');
        return response.CompleteAsync();
    }

    private static Status Describe(Refusal refusal)
    {
        var problem = Problems.From(refusal);
        var info = new ErrorInfo { Domain = Domain, Reason = WireNames<RefusalKind>.Of(refusal.Kind) };
        info.Metadata["title"] = problem.Title;
        info.Metadata["httpStatus"] = problem.Status.ToString(CultureInfo.InvariantCulture);
        if (refusal.Position is { } position)
        {
            info.Metadata["position"] = position.ToString(CultureInfo.InvariantCulture);
        }

        if (refusal.TraceId is { } traceId)
        {
            info.Metadata["traceId"] = traceId;
        }

        var status = new Status { Code = (int)Problems.CodeOf(refusal.Kind), Message = Shown(refusal.Detail), Details = { Any.Pack(info) } };
        if (refusal.Errors.Count > 0)
        {
            status.Details.Add(Any.Pack(new BadRequest
            {
                FieldViolations = { refusal.Errors.Take(MostErrors).Select(e => new BadRequest.Types.FieldViolation { Field = Shown(e.Field), Description = Shown(e.Message) }) },
            }));
        }

        if (refusal.RetryAfter is { } wait)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(wait) }));
        }

        return status;
    }

    /// <summary>As the gRPC protocol has it (PROTOCOL-HTTP2.md): printable ASCII but the percent sign stays. There are clients that decode no more than was meant to be encoded.</summary>
    private static string PercentEncoded(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            _ = octet is >= (byte)' ' and <= (byte)'~' and not (byte)'%' ? result.Append((char)octet) : result.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }

        return result.ToString();
    }

    private static string Shown(string text)
    {
        const int Most = 512;
        return text.Length > Most ? text[..Most] + "…" : text;
    }
}
