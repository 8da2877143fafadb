using Sandcastle.Cli;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sandcastle.Kubectl.Kubeconfigs;

/// <summary>One file of a kubeconfig: its entries by name, read no further than that.</summary>
internal sealed record KubeconfigFile
{
    public string? CurrentContext { get; private init; }

    public required IReadOnlyDictionary<string, YamlFields> Clusters { get; init; }

    public required IReadOnlyDictionary<string, YamlFields> Users { get; init; }

    public required IReadOnlyDictionary<string, YamlFields> Contexts { get; init; }

    /// <exception cref="CommandException">It cannot be read, or is no kubeconfig.</exception>
    public static KubeconfigFile Read(string path)
    {
        var root = new YamlFields(path, "", Parse(path));
        return new KubeconfigFile
        {
            CurrentContext = root.Text("current-context"),
            Clusters = Named(path, root, "clusters", "cluster"),
            Users = Named(path, root, "users", "user"),
            Contexts = Named(path, root, "contexts", "context"),
        };
    }

    private static Dictionary<string, YamlFields> Named(string path, YamlFields root, string list, string entry)
    {
        var named = new Dictionary<string, YamlFields>(StringComparer.Ordinal);
        foreach (var item in root.Maps(list))
        {
            // A doubled name is the first's, as between files.
            named.TryAdd(item.Required("name"), item.Map(entry));
        }

        return named;
    }

    private static YamlMappingNode? Parse(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            var yaml = new YamlStream();
            yaml.Load(reader);
            return yaml.Documents.Count == 0 ? null : yaml.Documents[0].RootNode as YamlMappingNode ?? throw Failure(path, "is not a mapping");
        }
        catch (YamlException e)
        {
            throw Failure(path, $"is not YAML: line {e.Start.Line}: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            // What the scanner says where a file ends within brackets.
            throw Failure(path, "is not YAML: it ends too early");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(path, $"cannot be read: {e.Message}");
        }
    }

    private static CommandException Failure(string path, string what) => new($"kubeconfig {path} {what}", ExitCodes.Configuration);
}
