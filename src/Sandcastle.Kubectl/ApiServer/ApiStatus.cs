using System.Text;
using System.Text.Json;
using Sandcastle.Kubectl.Objects;

namespace Sandcastle.Kubectl.ApiServer;

/// <summary>What an API server says when it does not do what it was asked for: a Status, or a line of text.</summary>
/// <param name="Code">HTTP status.</param>
/// <param name="Message">For people.</param>
/// <param name="Kind">Resource that the refusal is about; null where it does not say.</param>
internal sealed record ApiStatus(int Code, string Message, string? Kind)
{
    private const int MaxBytes = 1 << 20;
    private const string Unreached = "error trying to reach service";

    /// <summary>Null when it is what somebody behind the proxy answered; its content may still be read then.</summary>
    public static async Task<ApiStatus?> ReadAsync(HttpResponseMessage response, bool throughProxy, CancellationToken cancellationToken)
    {
        var code = (int)response.StatusCode;
        switch (response.Content.Headers.ContentType?.MediaType)
        {
            case "application/json":
                await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
                return Parse(code, await response.Content.ReadAsByteArrayAsync(cancellationToken));
            case "text/plain" or null:
                await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
                var text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken)).Trim();
                return !throughProxy || text.StartsWith(Unreached, StringComparison.OrdinalIgnoreCase) ? new ApiStatus(code, text, Kind: null) : null;
            default:
                return throughProxy ? null : new ApiStatus(code, "", Kind: null);
        }
    }

    private static ApiStatus? Parse(int code, byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return root.Text("kind") == "Status" && root.Text("apiVersion") == "v1"
                ? new ApiStatus(code, root.Text("message") ?? "", root.Text("details", "kind"))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
