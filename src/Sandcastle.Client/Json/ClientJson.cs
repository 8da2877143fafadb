using System.Text.Json;
using System.Text.Json.Serialization;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Client.Json;

/// <summary>The wire's JSON as a client reads it: a newer server may send fields that this client does not know.</summary>
internal static class ClientJson
{
    public static RestJson Context { get; } = new(new JsonSerializerOptions(RestJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    });
}
