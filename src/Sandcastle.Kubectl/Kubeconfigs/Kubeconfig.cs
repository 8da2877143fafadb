using Sandcastle.Cli;

namespace Sandcastle.Kubectl.Kubeconfigs;

/// <summary>
/// What leads to a cluster: the files of KUBECONFIG, merged as kubectl merges them (of a name that several files have, the first file's
/// entry counts, as a whole; relative paths are relative to the file they stand in), or the service account of the Pod that we run in.
/// docs/decisions/0017 says why the official client's reader is not used.
/// </summary>
internal static class Kubeconfig
{
    private const string Variable = "KUBECONFIG";
    private const string DefaultNamespace = "default";

    /// <param name="path">Flag --kubeconfig: this file and no other.</param>
    /// <param name="context">Flag --context; null means the current one.</param>
    /// <exception cref="CommandException">None leads to a cluster.</exception>
    public static KubeContext Load(string? path, string? context)
    {
        var files = Paths(path).Select(KubeconfigFile.Read).ToList();
        if (files.Count == 0)
        {
            return (context is null ? PodAccount.Find() : null) ?? throw Failure(
                Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
                    ? $"there is no kubeconfig: of what {Variable} names, '{named}', nothing is there"
                    : $"there is no kubeconfig: neither {Variable} nor --kubeconfig names one, and ~/.kube/config is not there");
        }

        return Merge(files, context);
    }

    /// <param name="files">In the order of KUBECONFIG; at least one.</param>
    /// <param name="context">Null means the current one.</param>
    internal static KubeContext Merge(IReadOnlyList<KubeconfigFile> files, string? context)
    {
        var name = context
            ?? files.Select(file => file.CurrentContext).FirstOrDefault(current => current is not null)
            ?? throw Failure($"the kubeconfig has no current-context: name one with --context, or --kube=CONTEXT{Known(files)}");
        return Resolve(files, name);
    }

    private static KubeContext Resolve(IReadOnlyList<KubeconfigFile> files, string name)
    {
        var context = Find(files, file => file.Contexts, name) ?? throw Failure($"the kubeconfig has no context '{name}'{Known(files)}");
        var clusterName = context.Required("cluster");
        var userName = context.Text("user");
        var cluster = Find(files, file => file.Clusters, clusterName)
            ?? throw Failure($"context '{name}' names the cluster '{clusterName}', which the kubeconfig does not have");
        var user = userName is null ? null : Find(files, file => file.Users, userName)
            ?? throw Failure($"context '{name}' names the user '{userName}', whom the kubeconfig does not have");
        return new KubeContext
        {
            Name = name,
            UserName = userName ?? "",
            Cluster = ClusterReader.Read(cluster),
            User = user is null ? UserEntry.Anonymous : UserReader.Read(user),
            Namespace = context.Text("namespace") ?? DefaultNamespace,
        };
    }

    private static YamlFields? Find(IReadOnlyList<KubeconfigFile> files, Func<KubeconfigFile, IReadOnlyDictionary<string, YamlFields>> entries, string name) =>
        files.Select(file => entries(file).GetValueOrDefault(name)).FirstOrDefault(entry => entry is not null);

    private static string Known(IReadOnlyList<KubeconfigFile> files)
    {
        var names = files.SelectMany(file => file.Contexts.Keys).Distinct(StringComparer.Ordinal).ToList();
        return names.Count == 0 ? "" : $" (contexts: {string.Join(", ", names)})";
    }

    /// <summary>Of the files that the variable names, some may be missing; the one that a flag names may not.</summary>
    private static IEnumerable<string> Paths(string? path)
    {
        if (path is not null)
        {
            return File.Exists(path) ? [path] : throw Failure($"--kubeconfig: there is no file '{path}'");
        }

        var named = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } variable
            ? variable.Split(':', StringSplitOptions.RemoveEmptyEntries)
            : [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config")];
        return named.Where(File.Exists);
    }

    private static CommandException Failure(string message) => new(message, ExitCodes.Configuration);
}
