using Sandcastle.Cli;
using Sandcastle.Cli.Tables;
using Sandcastle.Kubectl.Kubeconfigs;

namespace Sandcastle.Kubectl.ApiServer;

/// <summary>Turns what an API server refuses into one sentence that says what to do about it.</summary>
internal static class Refusal
{
    private const string Group = "sandcastle.dev";

    public static CommandException Of(KubeContext context, ApiRequest asked, ApiStatus status) => status.Code switch
    {
        401 => Failure(
            ExitCodes.NoPermission,
            $"unauthenticated: the API server {context.Cluster.Server.AbsoluteUri.TrimEnd('/')} does not accept the credentials of user '{context.UserName}' "
            + $"of context '{context.Name}': they may have expired; log in again"),
        403 when MissingRule.TryParse(asked, status.Message, out var rule) => Failure(ExitCodes.NoPermission, rule.ToString()),
        403 => Failure(ExitCodes.NoPermission, $"forbidden: {status.Message}"),
        404 => Failure(ExitCodes.Unknown, NotFound(asked, status)),
        503 when asked is { IsProxied: true, Resource: "services" } => Failure(ExitCodes.Unavailable, NoManager(asked, status)),
        500 or 502 or 503 or 504 when asked.IsProxied => Failure(
            ExitCodes.Unavailable, $"unavailable: the API server cannot reach {asked.Resource[..^1]} {asked.Namespace}/{asked.Name}: {status.Message}"),
        429 or 503 or 504 => Failure(ExitCodes.Unavailable, $"unavailable: the API server is overloaded or starting: {status.Message}"),
        _ => Failure(ExitCodes.Failure, $"the API server refuses to {asked.Verb} {asked.FullResource} (HTTP {status.Code}): {status.Message}"),
    };

    private static string NotFound(ApiRequest asked, ApiStatus status) => asked switch
    {
        _ when status.Kind == "namespaces" => $"not found: there is no namespace '{asked.Namespace}'",
        { Resource: "serviceaccounts" } =>
            $"not found: namespace '{asked.Namespace}' has no service account '{asked.Name}', or does not exist itself: "
            + $"kubectl create serviceaccount {asked.Name} --namespace={asked.Namespace}",
        { Resource: "services" } =>
            $"not found: the cluster has no service '{asked.Name}' in namespace '{asked.Namespace}': is Kube-Sandcastle installed there? --manager names another",
        { Group: Group } when status.Kind is null => $"not found: the cluster does not know {asked.Resource}.{Group}: kubectl apply -k deploy/crds installs it",
        { Name: { } name } => $"not found: there is no {asked.Resource} '{name}' in namespace '{asked.Namespace}'",
        _ => $"not found: {status.Message}",
    };

    private static string NoManager(ApiRequest asked, ApiStatus status) =>
        status.Message.Contains("no endpoints available", StringComparison.Ordinal)
            ? $"unavailable: the manager does not run: service {asked.Namespace}/{asked.Name} has no ready endpoints"
            : $"unavailable: the API server cannot reach the manager, service {asked.Namespace}/{asked.Name}: {status.Message}";

    private static CommandException Failure(int exitCode, string sentence) => new(PlainText.Of(sentence), exitCode);
}
