using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Requests;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Identity;

/// <summary>Says who may do what: by the rules of a user, and by the Roles that the objects in the server bind to them.</summary>
/// <remarks>Aggregated ClusterRoles are not put together.</remarks>
internal sealed class Authorizer(UserDirectory users, ObjectStore store, ResourceCatalogue catalogue)
{
    private const string Rbac = "rbac.authorization.k8s.io";

    /// <exception cref="ApiException">403, worded as kube-apiserver does.</exception>
    public void Require(Caller caller, ApiRequest request)
    {
        if (!Allows(caller, request))
        {
            throw Refuse(caller, request);
        }
    }

    public bool Allows(Caller caller, ApiRequest request) =>
        caller.Groups.Contains(Caller.MastersGroup)
        || IsPublic(caller, request)
        || users.All.Where(user => user.Name == caller.Name).SelectMany(user => user.Rules).Any(rule => rule.Allows(request))
        || Bound(caller).Any(rule => rule.Allows(request));

    // system:discovery, system:public-info-viewer and system:basic-user are bound in every cluster.
    private static bool IsPublic(Caller caller, ApiRequest request)
    {
        var everyone = request.Path is "/version" or "/healthz" or "/livez" or "/readyz";
        var known = caller.Groups.Contains("system:authenticated");
        var isDiscovery = !request.IsResource && (request.Path.StartsWith("/api", StringComparison.Ordinal) || request.Path.StartsWith("/openapi", StringComparison.Ordinal));
        var aboutSelf = request.Resource is "selfsubjectaccessreviews" or "selfsubjectreviews" && request.Verb == "create";
        return (everyone && request.Verb == "get") || (known && ((isDiscovery && request.Verb == "get") || aboutSelf));
    }

    private IEnumerable<AccessRule> Bound(Caller caller)
    {
        foreach (var binding in All("clusterrolebindings").Where(binding => Names(binding, caller)))
        {
            foreach (var rule in Rules(binding, ""))
            {
                yield return rule;
            }
        }

        foreach (var binding in All("rolebindings").Where(binding => Names(binding, caller)))
        {
            var place = binding.Key().Namespace;
            foreach (var rule in Rules(binding, place))
            {
                yield return rule with { Namespaces = [place], Paths = [] };
            }
        }
    }

    private IEnumerable<JsonObject> All(string plural)
    {
        var definition = catalogue.Find(Rbac, "v1", plural)!;
        return store.Snapshot(definition.Resource).Values.Select(one => one.Read(definition));
    }

    private static bool Names(JsonObject binding, Caller caller) => binding.Items("subjects").Any(subject => subject.Text("kind") switch
    {
        "User" => subject.Text("name") == caller.Name,
        "Group" => caller.Groups.Contains(subject.Text("name")),
        "ServiceAccount" => caller.Name == $"system:serviceaccount:{subject.Text("namespace")}:{subject.Text("name")}",
        _ => false,
    });

    private IEnumerable<AccessRule> Rules(JsonObject binding, string place)
    {
        var isCluster = binding.Text("roleRef.kind") == "ClusterRole";
        var definition = catalogue.Find(Rbac, "v1", isCluster ? "clusterroles" : "roles")!;
        var role = store.Get(definition.Resource, new ObjectKey(isCluster ? "" : place, binding.Text("roleRef.name")))?.Read(definition);
        return role.Items("rules").Select(rule => new AccessRule
        {
            Verbs = [.. rule.Texts("verbs")],
            Groups = [.. rule.Texts("apiGroups")],
            Resources = [.. rule.Texts("resources")],
            Names = [.. rule.Texts("resourceNames")],
            Paths = [.. rule.Texts("nonResourceURLs")],
        });
    }

    private static ApiException Refuse(Caller caller, ApiRequest request)
    {
        if (!request.IsResource)
        {
            return new ApiException(403, "Forbidden", $"forbidden: User \"{caller.Name}\" cannot {request.Verb} path \"{request.Path}\"", new JsonObject());
        }

        var place = request.Namespace.Length > 0 ? $"in the namespace \"{request.Namespace}\"" : "at the cluster scope";
        return Refusal.Forbidden(
            new GroupResource(request.Group, request.Resource),
            request.Name,
            $"User \"{caller.Name}\" cannot {request.Verb} resource \"{request.ResourceWithSubresource}\" in API group \"{request.Group}\" {place}");
    }
}
