using System.Net;
using System.Text.Json.Nodes;
using Sandcastle.Cluster.Manifests;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>
/// Kueue's manager, out of the cluster: its resources as published, its webhooks and conversions at its loopback address, for the kinds
/// that are its own.
/// </summary>
internal static class Kueue
{
    private const string Group = "kueue.x-k8s.io";

    /// <summary>Further gates, to try another setting by hand: <c>SANDCASTLE_KUEUE_GATES=ElasticJobsViaWorkloadSlices=false</c>.</summary>
    private static string Gates => Environment.GetEnvironmentVariable("SANDCASTLE_KUEUE_GATES") is { Length: > 0 } gates ? "," + gates : "";

    // Kinds of more than one version; the published bases leave conversion to what an installation patches in.
    private static readonly string[] Converted = ["clusterqueues", "cohorts", "localqueues", "multikueueclusters", "workloads"];

    internal static void Require()
    {
        Assets.Require("etcd", "kube-apiserver", "kueue", "kueue-manifests");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Kueue out of the cluster needs root: it is started in a mount namespace of its own");
    }

    internal static async Task<ChildProcess> InstallAsync(ApiServer server)
    {
        var port = Ports.Free();
        await CreateResourcesAsync(server, port);
        var process = StartManager(server, port);
        await RegisterWebhooksAsync(server, port, process);
        return process;
    }

    private static async Task CreateResourcesAsync(ApiServer server, int port)
    {
        foreach (var file in Directory.EnumerateFiles(Assets.PathTo("kueue-manifests", "crds"), "*.yaml"))
        {
            var definition = YamlObjects.Read(file).Single();
            if (Converted.Any(kind => definition.Name() == $"{kind}.{Group}"))
            {
                definition["spec"]!["conversion"] = new JsonObject
                {
                    ["strategy"] = "Webhook",
                    ["webhook"] = new JsonObject { ["clientConfig"] = ClientConfig(server, port, "/convert"), ["conversionReviewVersions"] = new JsonArray("v1") },
                };
            }

            definition.Remove("status");
            await CustomResources.ApplyAsync(server, definition);
        }

        (await server.Admin.CreateAsync("/api/v1/namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "kueue-system" } })).Expect();
    }

    private static ChildProcess StartManager(ApiServer server, int port)
    {
        var files = Directory.CreateDirectory(Path.Combine(server.Scratch, "kueue")).FullName;
        var serving = server.Authority.Sign("kueue-webhooks", "CN=kueue", [IPAddress.Loopback], "localhost");
        File.Copy(serving.Certificate, Path.Combine(files, "tls.crt"));
        File.Copy(serving.Key, Path.Combine(files, "tls.key"));
        var configuration = Path.Combine(files, "configuration.yaml");
        File.WriteAllText(configuration, $"""
            apiVersion: config.kueue.x-k8s.io/v1beta2
            kind: Configuration
            health:
              healthProbeBindAddress: "127.0.0.1:{Ports.Free()}"
            metrics:
              bindAddress: "0"
            webhook:
              host: 127.0.0.1
              port: {port}
              certDir: {files}
            leaderElection:
              leaderElect: false
            internalCertManagement:
              enable: false
            admissionFairSharing:
              usageHalfLifeTime: 20s
              usageSamplingInterval: 1s
            integrations:
              frameworks: [batch/job]
            """);
        var identity = server.Authority.Sign("kueue", "O=system:masters, CN=kueue");

        // It reads a certificate for its metrics from one place below /etc, even where it serves none: it is shown another /etc.
        const string Elsewhere = "mount -t tmpfs tmpfs /etc && mkdir -p /etc/kueue/metrics && cp -r \"$0\" /etc/kueue/metrics/certs && exec \"$@\"";
        return server.Start("kueue", "/usr/bin/unshare",
        [
            "--mount", "/bin/sh", "-c", Elsewhere, files, Assets.PathTo("kueue"), $"--config={configuration}", $"--kubeconfig={server.WriteKubeconfig("kueue", identity)}", $"--feature-gates=VisibilityOnDemand=false{Gates}",
            "--zap-log-level=2",
        ]);
    }

    /// <summary>Only when the manager answers: from then on nothing of its kinds is written without it.</summary>
    private static async Task RegisterWebhooksAsync(ApiServer server, int port, ChildProcess process)
    {
        foreach (var configuration in YamlObjects.Read(Assets.PathTo("kueue-manifests", "webhooks.yaml")))
        {
            var webhooks = configuration["webhooks"]!.AsArray()
                .Select(webhook => webhook!.DeepClone().AsObject())
                .Where(webhook => webhook["rules"]!.AsArray().SelectMany(rule => rule!["apiGroups"]!.AsArray()).Any(group => (string)group! == Group))
                .ToList();
            foreach (var webhook in webhooks)
            {
                webhook["clientConfig"] = ClientConfig(server, port, (string)webhook["clientConfig"]!["service"]!["path"]!);
            }

            var item = configuration.DeepClone().AsObject();
            item["metadata"] = new JsonObject { ["name"] = $"kueue-{configuration.Name()}" };
            item["webhooks"] = new JsonArray([.. webhooks]);
            var plural = configuration.Kind().ToLowerInvariant() + "s";
            (await server.Admin.CreateAsync($"/apis/admissionregistration.k8s.io/v1/{plural}", item)).Expect();
        }

        // A write that goes through its webhooks says that they are there.
        var probe = new JsonObject
        {
            ["apiVersion"] = $"{Group}/v1beta2",
            ["kind"] = "ResourceFlavor",
            ["metadata"] = new JsonObject { ["name"] = "probe" },
        };
        const string Flavors = $"/apis/{Group}/v1beta2/resourceflavors";
        Answer answer;
        while (!(answer = await server.Admin.CreateAsync(Flavors, probe)).Succeeded)
        {
            process.HasExited.ShouldBeFalse(process.LastLines());
            answer.Message.ShouldContain("failed calling webhook");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        (await server.Admin.DeleteAsync($"{Flavors}/probe")).Expect();
    }

    private static JsonObject ClientConfig(ApiServer server, int port, string path) => new()
    {
        ["url"] = $"https://127.0.0.1:{port}{path}",
        ["caBundle"] = server.Authority.Bundle,
    };
}
