using System.Text.Json;
using Sandcastle.Kubectl.Objects;

namespace Sandcastle.Kubectl.Mcp;

/// <summary>What has to be known of a JSON-RPC message to pass it on.</summary>
internal sealed record McpMessage
{
    /// <summary>As it was written (a text or a number); null for a notification, and for what is no message at all: the manager says so.</summary>
    public string? Id { get; private init; }

    /// <summary>Id of the call that this message cancels.</summary>
    public string? Cancels { get; private init; }

    public static McpMessage Parse(string line)
    {
        try
        {
            var message = JsonElement.Parse(line);
            return new McpMessage
            {
                Id = message.Text("method") is null ? null : message.Field("id")?.GetRawText(),
                Cancels = message.Text("method") == "notifications/cancelled" ? message.Field("params", "requestId")?.GetRawText() : null,
            };
        }
        catch (JsonException)
        {
            return new McpMessage();
        }
    }

    /// <summary>The answer to this message when it could not be passed on.</summary>
    public byte[] Error(string sentence)
    {
        const int ServerError = -32000;
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc", "2.0");
            json.WritePropertyName("id");
            json.WriteRawValue(Id ?? "null");
            json.WriteStartObject("error");
            json.WriteNumber("code", ServerError);
            json.WriteString("message", sentence);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return memory.ToArray();
    }
}
