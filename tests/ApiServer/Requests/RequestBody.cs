using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sandcastle.Testing.ApiServer.Errors;

namespace Sandcastle.Testing.ApiServer.Requests;

/// <summary>Reads JSON bodies within the limit of the real server.</summary>
internal static class RequestBody
{
    /// <summary>Bytes of a body; kube-apiserver's own limit.</summary>
    public const int Limit = 3 * 1024 * 1024;

    /// <returns>The value, or null for an empty body.</returns>
    /// <exception cref="ApiException">400, 413 or 415.</exception>
    public static async Task<JsonNode?> ReadAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0;)
        {
            if (body.Length + read > Limit)
            {
                throw new ApiException(413, "RequestEntityTooLarge", $"Request entity too large: limit is {Limit}");
            }

            body.Write(buffer, 0, read);
        }

        if (body.Length == 0)
        {
            return null;
        }

        var type = http.Request.ContentType?.Split(';')[0].Trim() ?? "application/json";
        if (type != "application/json" && !type.EndsWith("+json", StringComparison.Ordinal))
        {
            throw Refusal.UnsupportedMediaType($"the body of the request was in an unknown format ({type}) - accepted media types include: application/json");
        }

        try
        {
            return JsonNode.Parse(body.ToArray());
        }
        catch (JsonException why)
        {
            throw Refusal.BadRequest($"the object provided is unrecognized: {why.Message}");
        }
    }

    /// <exception cref="ApiException">400: no object.</exception>
    public static async Task<JsonObject> ReadObjectAsync(HttpContext http) =>
        await ReadAsync(http) as JsonObject ?? throw Refusal.BadRequest("the request body must be a JSON object");
}
