using System.Text.Json.Nodes;
using Sandcastle.Cluster.Manifests;
using Sandcastle.Testing.CertManager;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>cert-manager, as far as it is not a program: its kinds, as published, in a directory that SANDCASTLE_CERT_MANAGER_CRDS names. What it would do is played.</summary>
internal static class CertManager
{
    internal const string Namespace = "cert-manager";

    private static string? Definitions => Environment.GetEnvironmentVariable("SANDCASTLE_CERT_MANAGER_CRDS") is { Length: > 0 } path ? path : null;

    internal static void Require() => Assert.SkipWhen(Definitions is null, "SANDCASTLE_CERT_MANAGER_CRDS does not name a directory with cert-manager's CustomResourceDefinitions");

    internal static async Task InstallAsync(ApiServer server)
    {
        foreach (var definition in Directory.EnumerateFiles(Definitions!, "cert-manager.io_*.yaml").SelectMany(YamlObjects.Read))
        {
            definition.Remove("status");
            await CustomResources.ApplyAsync(server, definition);
        }

        var space = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = Namespace } };
        (await server.Admin.ApplyAsync($"/api/v1/namespaces/{Namespace}", space)).Expect();
    }

    internal static string PathOf(string space, string name = "") => $"/apis/cert-manager.io/v1/namespaces/{space}/certificates/{name}".TrimEnd('/');

    internal static string SecretOf(string space, string name) => $"/api/v1/namespaces/{space}/secrets/{name}";

    /// <summary>Signs for a Certificate, once it is there.</summary>
    /// <returns>What was written to the Secret.</returns>
    internal static async Task<JsonObject> IssueAsync(ApiServer server, PlayedIssuer issuer, string space, string name)
    {
        var certificate = await server.Admin.WaitForAsync(PathOf(space, name), _ => true);
        var now = TimeProvider.System.GetUtcNow();
        var secret = issuer.Sign(certificate, now);
        (await server.Admin.ApplyAsync(SecretOf(space, name), secret)).Expect();
        (await server.Admin.MergeAsync($"{PathOf(space, name)}/status", new JsonObject { ["status"] = PlayedIssuer.Status(certificate, now) })).Expect();
        return secret;
    }
}
