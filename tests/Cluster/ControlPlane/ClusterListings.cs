using System.Text.Json.Nodes;
using Sandcastle.Cluster.Manifests;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>What somebody with the roles of deploy/base sees of a pool: as tables, as documents, and as it changes.</summary>
internal static class ClusterListings
{
    private const string Lots = "/apis/sandcastle.dev/v1alpha1/namespaces/sandcastle-pools/workerlots";

    private static readonly string[] Space = ["--namespace", "sandcastle-pools"];

    internal static async Task TryAsync(ApiServer server, string tenant, int workers)
    {
        const string User = "viewer";
        await ProxiedTenant.GrantAsync(server, User, "sandcastle-viewer", "sandcastle-pools");
        await ProxiedTenant.GrantAsync(server, User, "sandcastle-user", tenant);
        await ProxiedTenant.GrantAsync(server, User, "sandcastle-user", "sandcastle-system");
        var kubeconfig = server.WriteKubeconfig(User, server.Authority.Sign($"client-{User}", $"O=viewers, CN={User}"));
        string[][] allowed = [["lots", .. Space], ["workers", "--namespace", tenant]];
        foreach (var command in allowed)
        {
            while ((await OwnPlugin.RunAsync(kubeconfig, command)).ExitCode == 77)
            {
                await Task.Delay(50, TestContext.Current.CancellationToken); // Rules are watched.
            }
        }

        (await OwnPlugin.ExpectAsync(kubeconfig, ["pool", "list", "-o", "wide", .. Space])).ShouldMatch(@"(?m)^python +.*\bwholesale\b");
        (await OwnPlugin.ExpectAsync(kubeconfig, ["pool", "describe", "python", .. Space])).ShouldContain($"{workers} ready of {workers} in ");
        JsonNode.Parse(await OwnPlugin.ExpectAsync(kubeconfig, ["lots", "-o", "json", .. Space]))!["items"]!.AsArray().Count.ShouldBe(workers);
        YamlObjects.Parse(await OwnPlugin.ExpectAsync(kubeconfig, ["pool", "list", "-o", "yaml", .. Space])).Single()["items"]!.AsArray().Count.ShouldBe(1);

        var table = (await OwnPlugin.ExpectAsync(kubeconfig, ["workers", "-o", "wide", "--namespace", tenant])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        table[0].ShouldStartWith("NAMESPACE");
        table.Skip(1).Count(line => line.StartsWith("sandcastle-pools ", StringComparison.Ordinal) && line.Contains(" Ready ", StringComparison.Ordinal)).ShouldBe(workers);
        await WatchAsync(server, kubeconfig);
    }

    private static async Task WatchAsync(ApiServer server, string kubeconfig)
    {
        var lot = (await server.Admin.GetAsync(Lots)).Expect()["items"]![0]!.AsObject().Name();
        using var watch = OwnPlugin.Start(kubeconfig, ["lots", "--watch", .. Space]);
        try
        {
            (await LineAsync()).ShouldStartWith("NAME");
            var first = new List<string>();
            while (!first.Contains(lot))
            {
                first.Add((await LineAsync()).Split(' ')[0]);
            }

            var annotation = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["tests/seen"] = "yes" } } };
            (await server.Admin.MergeAsync($"{Lots}/{lot}", annotation)).Expect();
            while (!(await LineAsync()).StartsWith($"{lot} ", StringComparison.Ordinal))
            {
                // The other lot.
            }
        }
        finally
        {
            watch.Kill();
            await watch.WaitForExitAsync(CancellationToken.None);
        }

        async Task<string> LineAsync() =>
            await watch.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new EndOfStreamException(await watch.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }
}
