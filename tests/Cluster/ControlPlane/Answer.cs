using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>What the API server said.</summary>
internal sealed record Answer(HttpStatusCode Status, string Text)
{
    internal bool Succeeded => (int)Status is >= 200 and < 300;

    /// <summary>The server, or what is behind it, cannot do it now.</summary>
    internal bool IsOutage => (int)Status is >= 500 or 429;

    /// <summary>The object; of a refusal its Status.</summary>
    internal JsonObject Object => JsonNode.Parse(Text)!.AsObject();

    /// <summary>Of a refusal, its sentence.</summary>
    internal string Message
    {
        get
        {
            try
            {
                return (string?)Object["message"] ?? Text;
            }
            catch (JsonException)
            {
                return Text;
            }
        }
    }

    /// <summary>The object of an answer that must be a success, or be asked for again.</summary>
    /// <exception cref="HttpRequestException">An outage, as one that refused the connection.</exception>
    internal JsonObject ExpectUnlessOut() => IsOutage ? throw new HttpRequestException($"{(int)Status}: {Text}") : Expect();

    /// <summary>The object of an answer that must be a success.</summary>
    internal JsonObject Expect()
    {
        Succeeded.ShouldBeTrue($"{(int)Status}: {Text}");
        return Object;
    }
}
