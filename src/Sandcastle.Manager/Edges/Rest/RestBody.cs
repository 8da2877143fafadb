using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Edges.Rest;

/// <summary>Writes JSON answers, whole, with their length.</summary>
internal static class RestBody
{
    /// <summary>
    /// The contract's JSON, but a quote is written <c>\"</c> and not <c>\u0022</c>: answers are never part of an HTML page
    /// (<c>nosniff</c> goes with each), and people read them in a terminal.
    /// </summary>
    public static RestJson Json { get; } = new(new JsonSerializerOptions(RestJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    public static Task WriteAsync<T>(HttpContext context, int status, T value, JsonTypeInfo<T> type, string contentType = "application/json")
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        return response.BodyWriter.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
