using System.Text.Json;
using Sandcastle.Client.Json;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Client.Events;

/// <summary>The run is over; always the last event.</summary>
public sealed record RunEnded : RunEvent
{
    private readonly byte[] _json;

    internal RunEnded(ReadOnlySpan<byte> json)
    {
        _json = json.ToArray();
        Ending = EventJson.Ending(json);
    }

    public RunEnding Ending { get; }

    /// <summary>The same object that the answer without streaming is; read from the event at every call.</summary>
    public RunResponse ReadResponse() => JsonSerializer.Deserialize(_json, ClientJson.Context.RunResponse)!;
}
