using System.Text.Json.Nodes;

namespace Sandcastle.Cluster.ControlPlane;

/// <summary>Somebody without rights, who is given one after the other, and what our client tells him in between: one sentence, with the rule that is missing.</summary>
internal static class MissingRights
{
    /// <summary>The sentences, in the order of what was missing, and the run that he has when nothing is.</summary>
    internal static async Task<(IReadOnlyList<string> Told, string Run)> TryAsync(ApiServer server, string space, string worker)
    {
        const string User = "eve";
        var kubeconfig = server.WriteKubeconfig(User, server.Authority.Sign($"client-{User}", $"O=strangers, CN={User}"));
        List<string> told =
        [
            await RefusedAsync(kubeconfig, space, $"may not create serviceaccounts/token 'sandcastle-user' in namespace {space}: ask for the ClusterRole sandcastle-user (kubectl create rolebinding sandcastle-user-eve --clusterrole=sandcastle-user --user=eve --namespace={space})"),
        ];
        await ProxiedTenant.GrantAsync(server, User, "sandcastle-user", space);
        told.Add(await RefusedAsync(kubeconfig, space, "may not create services/proxy 'https:sandcastle-manager:https' in namespace sandcastle-system: ask for the ClusterRole sandcastle-user (kubectl create rolebinding sandcastle-user-eve --clusterrole=sandcastle-user --user=eve --namespace=sandcastle-system)"));
        await ProxiedTenant.GrantAsync(server, User, "sandcastle-user", "sandcastle-system");
        told.Add(await RefusedAsync(kubeconfig, space, "may not create pods/proxy", "--worker", $"sandcastle-pools/{worker}"));
        told[^1].ShouldContain("ask for the ClusterRole sandcastle-direct (kubectl create rolebinding sandcastle-direct-eve --clusterrole=sandcastle-direct --user=eve --namespace=sandcastle-pools)");

        var (exitCode, output, error) = await RunAsync(kubeconfig, space, "-o", "json");
        exitCode.ShouldBe(0, error);
        var run = JsonNode.Parse(output)!;
        ((string)run["stdout"]!).ShouldBe("42\n");
        return (told, (string)run["id"]!);
    }

    /// <summary>Rules are watched, so that the one before may be missed a moment longer.</summary>
    private static async Task<string> RefusedAsync(string kubeconfig, string space, string sentence, params string[] flags)
    {
        while (true)
        {
            var (exitCode, output, error) = await RunAsync(kubeconfig, space, flags);
            exitCode.ShouldBe(125, $"{output}{error}");
            output.ShouldBeEmpty();
            error.Trim().ShouldNotContain('\n');
            error.ShouldContain("forbidden: user 'eve' may not ");
            if (error.Contains(sentence, StringComparison.Ordinal))
            {
                return error.Trim();
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(string kubeconfig, string space, params string[] flags) =>
        OwnPlugin.RunAsync(kubeconfig, ["run", "--namespace", space, .. flags, "-c", "print(6 * 7)"]);
}
