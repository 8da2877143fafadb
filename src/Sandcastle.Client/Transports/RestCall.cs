namespace Sandcastle.Client.Transports;

/// <summary>One request of the REST interface.</summary>
/// <param name="Method">GET, POST, PUT or DELETE.</param>
/// <param name="Path">Relative to the server's base address, without a leading slash; may carry a query.</param>
internal sealed record RestCall(string Method, string Path)
{
    public const string Json = "application/json";
    public const string EventStream = "text/event-stream";

    public string Accept { get; init; } = Json;

    public string? IdempotencyKey { get; init; }

    /// <summary>JSON body; null sends none.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }
}
