using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using k8s;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sandcastle.Cluster.Manifests;
using Sandcastle.Operator;
using Sandcastle.Operator.Certificates;
using Sandcastle.Operator.Leases;
using Sandcastle.Testing.CertManager;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>
/// components/cert-manager on a real API server, with cert-manager's own definitions: what is applied, what the operator writes with the rights that
/// the component gives it, and whom the policies refuse. The issuer is played.
/// </summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class CertManagerStoryTests(ApiServer server) : IAsyncLifetime
{
    private const string Central = "sandcastle-system";
    private const string Pools = "sandcastle-pools";
    private const string Other = "other-pools";
    private const string NoPools = "default";
    private const string Worker = "sandcastle-worker-tls";
    private const string Manager = "sandcastle-manager-tls";
    private const string Operator = "sandcastle-operator-tls";

    private static readonly string Overlay = Repository.PathTo("artifacts", "cluster", "cert-manager");

    public ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Overlay);
        File.WriteAllText(Path.Combine(Overlay, "kustomization.yaml"), """
            resources: [../../../deploy/base]
            components: [../../../deploy/components/cert-manager]
            """);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Kubectl_builds_of_the_component_what_the_tests_build()
    {
        Assets.Require("kubectl");

        var built = YamlObjects.Parse(await Kubectl.ExpectAsync(null, "kustomize", Overlay)).ToDictionary(Manifests.KubernetesObject.Reference);

        var own = Kustomization.Add(Kustomization.Build(Path.Combine(Repository.Deploy, "base")), Path.Combine(Repository.Deploy, "components", "cert-manager"));
        built.Keys.ShouldBe(own.Select(Manifests.KubernetesObject.Reference), ignoreOrder: true);
        own.Where(item => !JsonNode.DeepEquals(item, built[item.Reference()])).Select(Manifests.KubernetesObject.Reference).ShouldBeEmpty();
    }

    [Fact]
    public async Task Operator_asks_cert_manager_and_what_is_issued_opens_what_it_is_for()
    {
        CertManager.Require();
        await OperatorStoryTests.ReadyAsync(server, cpus: 4);
        await CertManager.InstallAsync(server);
        await Kubectl.ExpectAsync(server.Kubeconfig, "apply", "-k", Overlay, "--wait=false", "--validate=strict");
        using var host = await OperatorAsync();
        var mounted = Directory.CreateTempSubdirectory("sandcastle-cert-manager-");
        try
        {
            await CreatePoolAsync(Pools);
            await CreatePoolAsync(Other);
            var pool = await ConditionAsync("False");
            ((string)pool["message"]!).ShouldContain("is not issued");
            await AcceptedStrictlyAsync();

            using var issuer = new PlayedIssuer(TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(365));
            var files = new Dictionary<(string, string), string>();
            foreach (var (space, name) in new[] { (Central, Manager), (Central, Operator), (Pools, Worker), (Other, Worker) })
            {
                files[(space, name)] = PlayedIssuer.Mount(await CertManager.IssueAsync(server, issuer, space, name), Path.Combine(mounted.FullName, $"{space}.{name}"));
            }

            await ConditionAsync("True");
            (await TryAsync(files[(Central, Manager)], files[(Pools, Worker)])).ShouldBeNull();
            (await TryAsync(files[(Central, Manager)], files[(Other, Worker)])).ShouldNotBeNull();
            (await TryAsync(files[(Central, Operator)], files[(Pools, Worker)])).ShouldNotBeNull();
            (await TryAsync(files[(Other, Worker)], files[(Pools, Worker)])).ShouldNotBeNull();
            await RightsAsync();
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
            mounted.Delete(recursive: true);
            await EndAsync();
        }
    }

    /// <summary>Who edits a namespace may ask cert-manager for anything, by cert-manager's own roles: our issuer gives him nothing but what his workers have.</summary>
    [Fact]
    public async Task Issuer_signs_no_other_identity_for_whoever_edits_a_namespace()
    {
        CertManager.Require();
        Assets.Require("etcd", "kube-apiserver", "kubectl");
        await CertManager.InstallAsync(server);
        await Kubectl.ExpectAsync(server.Kubeconfig, "apply", "-k", Overlay, "--wait=false", "--validate=strict");
        try
        {
            using var mallory = await EditorAsync();
            var path = CertManager.PathOf(Pools) + "?dryRun=All&fieldValidation=Strict";

            // Policies are watched: until one is known nothing is refused by it.
            var refused = await RefusedAsync(() => mallory.CreateAsync(path, Certificate("dnsNames: [manager.sandcastle]")));
            refused.Message.ShouldContain("signs in namespace sandcastle-pools for worker.sandcastle and sandcastle-pools.worker.sandcastle alone");
            foreach (var (spec, complaint) in new[]
            {
                ("dnsNames: [operator.sandcastle]", "alone"),
                ("dnsNames: [other-pools.worker.sandcastle]", "alone"),
                ("dnsNames: [sandcastle-pools.worker.sandcastle, manager.sandcastle]", "alone"),
                ("dnsNames: ['*.sandcastle']", "alone"),
                ("isCA: true, commonName: below", "signs no authorities"),
            })
            {
                var answer = await mallory.CreateAsync(path, Certificate(spec));
                ((int)answer.Status, answer.Message.Contains(complaint, StringComparison.Ordinal)).ShouldBe((422, true), answer.Text);
            }

            (await mallory.CreateAsync(path, Certificate("dnsNames: [sandcastle-pools.worker.sandcastle, worker.sandcastle]"))).Expect();
            (await mallory.CreateAsync(path, Certificate("dnsNames: [manager.sandcastle]", issuer: "another"))).Expect();

            // Where no pool may be nobody is a worker: a manager would hand him everybody's programs.
            var nowhere = CertManager.PathOf(NoPools) + "?dryRun=All&fieldValidation=Strict";
            var stranger = await mallory.CreateAsync(nowhere, Certificate($"dnsNames: [{NoPools}.worker.sandcastle]"));
            ((int)stranger.Status, stranger.Message.Contains("no pool may be there", StringComparison.Ordinal)).ShouldBe((422, true), stranger.Text);
            (await mallory.CreateAsync(nowhere, Certificate($"dnsNames: [{NoPools}.worker.sandcastle]", issuer: "another"))).Expect();

            var requests = $"/apis/cert-manager.io/v1/namespaces/{Pools}/certificaterequests?dryRun=All&fieldValidation=Strict";
            (await RefusedAsync(() => mallory.CreateAsync(requests, Request("sandcastle")))).Message.ShouldContain("takes no CertificateRequests but cert-manager's own");
            (await mallory.CreateAsync(requests, Request("another"))).Expect();
            (await server.Admin.CreateAsync(requests, Request("sandcastle"))).Expect();
        }
        finally
        {
            await EndAsync();
        }
    }

    private static Task<string?> TryAsync(string manager, string worker) => PeerHandshake.TryAsync(manager, worker, Pools, TestContext.Current.CancellationToken);

    private static JsonObject Certificate(string spec, string issuer = "sandcastle") => YamlObjects.Parse($$"""
        {apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: mine}, spec: {secretName: mine, issuerRef: {group: cert-manager.io, kind: ClusterIssuer, name: {{issuer}} }, {{spec}} } }
        """).Single();

    private static JsonObject Request(string issuer) => YamlObjects.Parse($$"""
        {apiVersion: cert-manager.io/v1, kind: CertificateRequest, metadata: {name: mine}, spec: {request: bm90aGluZw==, issuerRef: {group: cert-manager.io, kind: ClusterIssuer, name: {{issuer}} } } }
        """).Single();

    private static async Task<Answer> RefusedAsync(Func<Task<Answer>> ask)
    {
        Answer answer;
        while ((answer = await ask()).Succeeded || answer.Status == HttpStatusCode.Forbidden)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        ((int)answer.Status).ShouldBe(422, answer.Text);
        return answer;
    }

    /// <summary>Somebody with what cert-manager's role <c>edit</c> gives.</summary>
    private async Task<ApiClient> EditorAsync()
    {
        (await server.Admin.ApplyAsync("/apis/rbac.authorization.k8s.io/v1/clusterroles/tests-cert-manager-edit", YamlObjects.Parse("""
            {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: tests-cert-manager-edit}, rules: [
              {apiGroups: [cert-manager.io], resources: [certificates, certificaterequests, issuers], verbs: [create, delete, deletecollection, patch, update]},
              {apiGroups: [cert-manager.io], resources: [certificates/status], verbs: [update]}]}
            """).Single())).Expect();
        foreach (var space in new[] { Pools, NoPools })
        {
            (await server.Admin.ApplyAsync($"/apis/rbac.authorization.k8s.io/v1/namespaces/{space}/rolebindings/tests-mallory", YamlObjects.Parse("""
                {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: tests-mallory},
                 roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: tests-cert-manager-edit}, subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: mallory}]}
                """).Single())).Expect();
        }

        return server.As("mallory", "strangers");
    }

    /// <summary>What the operator has written is taken by the published schema without a field too many.</summary>
    private async Task AcceptedStrictlyAsync()
    {
        foreach (var (space, name) in new[] { (Central, Manager), (Central, Operator), (Pools, Worker) })
        {
            var written = await server.Admin.WaitForAsync(CertManager.PathOf(space, name), _ => true);
            written["metadata"] = new JsonObject { ["name"] = "again", ["labels"] = written["metadata"]!["labels"]!.DeepClone() };
            written.Remove("status");
            (await server.Admin.CreateAsync($"{CertManager.PathOf(space)}?dryRun=All&fieldValidation=Strict", written)).Expect();
        }
    }

    /// <summary>The keys of workers and managers are no business of the operator's.</summary>
    private async Task RightsAsync()
    {
        foreach (var (space, name, allowed) in new[] { (Pools, Worker, false), (Central, Manager, false), (Central, "sandcastle-ca", false), (Central, Operator, true) })
        {
            var review = YamlObjects.Parse($$"""
                {apiVersion: authorization.k8s.io/v1, kind: SubjectAccessReview, spec: {user: "system:serviceaccount:sandcastle-system:sandcastle-operator",
                 resourceAttributes: {verb: get, resource: secrets, namespace: {{space}}, name: {{name}} } } }
                """).Single();
            var answer = (await server.Admin.CreateAsync("/apis/authorization.k8s.io/v1/subjectaccessreviews", review)).Expect();
            ((bool?)answer["status"]!["allowed"] ?? false).ShouldBe(allowed, $"{space}/{name}");
        }
    }

    private async Task<JsonObject> ConditionAsync(string status)
    {
        var pool = await server.Admin.WaitForAsync($"{PoolsOf(Pools)}/tls", pool => (string?)CustomResources.Condition(pool, "CertificatesReady")?["status"] == status);
        return CustomResources.Condition(pool, "CertificatesReady")!;
    }

    private async Task CreatePoolAsync(string space)
    {
        if (space == Other)
        {
            (await server.Admin.ApplyAsync($"/api/v1/namespaces/{Other}", YamlObjects.Parse($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {Other}}}}}").Single())).Expect();
            var binding = YamlObjects.Read(Path.Combine(Repository.Deploy, "base", "pools", "role-binding.yaml")).Single();
            binding["metadata"]!["namespace"] = Other;
            (await server.Admin.ApplyAsync($"/apis/rbac.authorization.k8s.io/v1/namespaces/{Other}/rolebindings/{binding.Name()}", binding)).Expect();
        }

        var pool = YamlObjects.Read(Path.Combine(Repository.Deploy, "samples", "pool.yaml")).Single(item => item.Kind() == "SandboxPool");
        pool["metadata"]!["name"] = "tls";
        pool["metadata"]!["namespace"] = space;
        pool["spec"]!["workers"]!["min"] = 0;
        pool["spec"]!["ready"] = 0;
        (await server.Admin.CreateAsync(PoolsOf(space), pool)).Expect();
    }

    private static string PoolsOf(string space) => $"/apis/sandcastle.dev/v1alpha1/namespaces/{space}/sandboxpools";

    private async Task<IHost> OperatorAsync()
    {
        var token = await server.Admin.CreateAsync(
            $"/api/v1/namespaces/{Central}/serviceaccounts/sandcastle-operator/token",
            YamlObjects.Parse("{apiVersion: authentication.k8s.io/v1, kind: TokenRequest, spec: {expirationSeconds: 3600}}").Single());
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(new FileLogging("operator-cert-manager"));
        builder.Services.AddSingleton(new KubernetesClientConfiguration
        {
            Host = server.Address.ToString(),
            AccessToken = (string)token.Expect()["status"]!["token"]!,
            SslCaCerts = [X509CertificateLoader.LoadCertificateFromFile(server.Authority.CertificateFile)],
        });
        builder.Services.AddOperator(new OperatorOptions
        {
            Lease = new LeaseOptions { Identity = "cert-manager-story" },
            Certificates = new CertificateOptions { Source = CertificateSource.CertManager },
        });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>The base as it was, for whoever comes next: a Secret that is cert-manager's would be left alone by an operator that makes its own.</summary>
    private async Task EndAsync()
    {
        foreach (var space in new[] { Pools, Other })
        {
            await server.Admin.DeleteAsync($"{PoolsOf(space)}/tls");
            await server.Admin.WaitForGoneAsync($"{PoolsOf(space)}/tls");
        }

        foreach (var (space, name) in new[] { (Central, Manager), (Central, Operator), (Pools, Worker), (Other, Worker) })
        {
            await server.Admin.DeleteAsync(CertManager.PathOf(space, name));
            await server.Admin.DeleteAsync(CertManager.SecretOf(space, name));
        }

        foreach (var policy in new[] { "sandcastle-certificates", "sandcastle-certificate-requests" })
        {
            await server.Admin.DeleteAsync($"/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/{policy}");
            await server.Admin.DeleteAsync($"/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/{policy}");
        }

        await Kubectl.ExpectAsync(server.Kubeconfig, "apply", "-k", Path.Combine(Repository.Deploy, "base"), "--wait=false");
    }
}
