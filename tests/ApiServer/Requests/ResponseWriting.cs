using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Testing.ApiServer.Requests;

/// <summary>Writes objects, lists and Status objects as JSON.</summary>
internal static class ResponseWriting
{
    public static async Task WriteObjectAsync(this HttpContext http, int status, JsonNode value)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    public static Task WriteStatusAsync(this HttpContext http, ApiException refusal) => http.WriteObjectAsync(refusal.Code, refusal.ToStatus());

    public static async Task WriteListAsync(this HttpContext http, ResourceDefinition definition, ObjectList list)
    {
        var metadata = new JsonObject { ["resourceVersion"] = list.Revision.ToString() };
        if (list.Continue.Length > 0)
        {
            metadata["continue"] = list.Continue;
        }

        if (list.Remaining is { } remaining)
        {
            metadata["remainingItemCount"] = remaining;
        }

        var body = new ArrayBufferWriter<byte>();
        body.Write(Encoding.UTF8.GetBytes(
            $"{{\"kind\":\"{definition.ListKind}\",\"apiVersion\":\"{definition.ApiVersion}\",\"metadata\":{metadata.ToJsonString()},\"items\":["));
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (i > 0)
            {
                body.Write(","u8);
            }

            // Built-in objects stand in a list without apiVersion and kind; custom ones with them.
            list.Items[i].Write(body, definition.IsCustom ? definition : null);
        }

        body.Write("]}"u8);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.WrittenCount;
        await http.Response.Body.WriteAsync(body.WrittenMemory, http.RequestAborted);
    }

    /// <summary>The Status of a deletion after which nothing is left.</summary>
    public static JsonObject Deleted(ResourceDefinition definition, JsonObject value)
    {
        var details = new JsonObject { ["name"] = value.Key().Name, ["group"] = definition.Group, ["kind"] = definition.Plural, ["uid"] = value.Text("metadata.uid") };
        if (definition.Group.Length == 0)
        {
            details.Remove("group");
        }

        return new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        };
    }
}
