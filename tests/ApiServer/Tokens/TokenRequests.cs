using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Tokens;

/// <summary>The <c>token</c> subresource of service accounts (authentication.k8s.io/v1 TokenRequest).</summary>
internal sealed class TokenRequests(TokenIssuer issuer, ObjectStore store, TimeProvider time)
{
    private const long DefaultSeconds = 3600;
    private const long LeastSeconds = 600;
    private const long MostSeconds = 1L << 32;

    private static readonly ResourceDefinition Definition =
        new() { Group = "authentication.k8s.io", Version = "v1", Plural = "tokenrequests", Kind = "TokenRequest", Namespaced = true };

    /// <exception cref="ApiException">404: no such account; 422: a duration out of bounds.</exception>
    public JsonObject Issue(ObjectKey key, JsonObject request)
    {
        var account = store.Get(BuiltInResources.ServiceAccounts, key) ?? throw Refusal.NotFound(BuiltInResources.ServiceAccounts, key.Name);
        var seconds = request.Number("spec.expirationSeconds") ?? DefaultSeconds;
        var wrong = seconds switch
        {
            < LeastSeconds => "may not specify a duration less than 10 minutes",
            > MostSeconds => "may not specify a duration larger than 2^32 seconds",
            _ => null,
        };
        if (wrong is not null)
        {
            throw Refusal.Invalid(Definition, "", [FieldError.Invalid("spec.expirationSeconds", seconds, wrong)])!;
        }

        IReadOnlyList<string> audiences = [.. request.Texts("spec.audiences")];
        audiences = audiences.Count > 0 ? audiences : [TokenIssuer.ServerAudience];
        var expires = time.GetUtcNow().AddSeconds(seconds);
        var answer = request.DeepClone().AsObject();
        (answer["kind"], answer["apiVersion"]) = ("TokenRequest", "authentication.k8s.io/v1");
        answer["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace, ["creationTimestamp"] = time.Timestamp() };
        answer.Put("spec.audiences", new JsonArray([.. audiences.Select(one => (JsonNode)one)]));
        answer.Put("spec.expirationSeconds", seconds);
        answer["status"] = new JsonObject
        {
            ["token"] = issuer.Issue(account, audiences, expires),
            ["expirationTimestamp"] = expires.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
        };
        return answer;
    }
}
