using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Identity;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Requests;

namespace Sandcastle.Testing.ApiServer.Tokens;

/// <summary>Questions that are asked by creating an object that is not kept: whose token is this, who am I, may I.</summary>
internal sealed class Reviews(TokenIssuer issuer, Authorizer authorizer)
{
    /// <summary>The answer, or null when the request is no review.</summary>
    public JsonObject? Answer(ApiRequest request, Caller caller, JsonObject review)
    {
        var kind = (request.Group, request.Resource) switch
        {
            ("authentication.k8s.io", "tokenreviews") => "TokenReview",
            ("authentication.k8s.io", "selfsubjectreviews") => "SelfSubjectReview",
            ("authorization.k8s.io", "selfsubjectaccessreviews") => "SelfSubjectAccessReview",
            ("authorization.k8s.io", "subjectaccessreviews") => "SubjectAccessReview",
            _ => "",
        };
        if (kind.Length == 0 || request.Version != "v1")
        {
            return null;
        }

        var answer = review.DeepClone().AsObject();
        (answer["kind"], answer["apiVersion"]) = (kind, $"{request.Group}/v1");
        answer["metadata"] ??= new JsonObject();
        answer["status"] = kind switch
        {
            "TokenReview" => Token(review),
            "SelfSubjectReview" => new JsonObject { ["userInfo"] = Info(caller) },
            "SelfSubjectAccessReview" => Access(caller, review),
            _ => Access(new Caller(review.Text("spec.user"), review.Text("spec.uid"), [.. review.Texts("spec.groups")]), review),
        };
        return answer;
    }

    private JsonObject Token(JsonObject review)
    {
        if (review.Text("spec.token").Length == 0)
        {
            throw Refusal.BadRequest("token is required for TokenReview in authentication");
        }

        IReadOnlyList<string> audiences = [.. review.Texts("spec.audiences")];
        var check = issuer.Check(review.Text("spec.token"), audiences.Count > 0 ? audiences : [TokenIssuer.ServerAudience]);
        return check.Caller is null
            ? new JsonObject { ["user"] = new JsonObject(), ["error"] = check.Error }
            : new JsonObject
            {
                ["authenticated"] = true,
                ["user"] = Info(check.Caller),
                ["audiences"] = new JsonArray([.. check.Audiences.Select(one => (JsonNode)one)]),
            };
    }

    private JsonObject Access(Caller caller, JsonObject review)
    {
        if ((review.At("spec.resourceAttributes") is null) == (review.At("spec.nonResourceAttributes") is null))
        {
            throw Refusal.BadRequest("exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }

        var (asked, path) = (review.At("spec.resourceAttributes"), review.At("spec.nonResourceAttributes"));
        var allowed = authorizer.Allows(caller, new ApiRequest
        {
            Method = "",
            Path = path.Text("path"),
            IsResource = asked is not null,
            Verb = asked is null ? path.Text("verb") : asked.Text("verb"),
            Group = asked.Text("group"),
            Version = asked.Text("version"),
            Resource = asked.Text("resource"),
            Subresource = asked.Text("subresource"),
            Namespace = asked.Text("namespace"),
            Name = asked.Text("name"),
        });
        return new JsonObject { ["allowed"] = allowed };
    }

    private static JsonObject Info(Caller caller)
    {
        var info = new JsonObject { ["username"] = caller.Name, ["groups"] = new JsonArray([.. caller.Groups.Select(one => (JsonNode)one)]) };
        if (caller.Uid.Length > 0)
        {
            info["uid"] = caller.Uid;
        }

        return info;
    }
}
