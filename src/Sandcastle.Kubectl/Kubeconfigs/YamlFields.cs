using Sandcastle.Cli;
using YamlDotNet.RepresentationModel;

namespace Sandcastle.Kubectl.Kubeconfigs;

/// <summary>The fields of one mapping of a kubeconfig. What it throws names the file and the field.</summary>
/// <param name="file">The file it stands in.</param>
/// <param name="place">Where in that file, for example <c>user 'jane'</c>.</param>
/// <param name="mapping">Null has no fields.</param>
internal sealed class YamlFields(string file, string place, YamlMappingNode? mapping)
{
    public bool IsThere => mapping is not null;

    /// <summary>Null where it is absent, null or empty.</summary>
    public string? Text(string field) => Node(field) switch
    {
        null => null,
        YamlScalarNode { Value.Length: > 0 } scalar => scalar.Value,
        YamlScalarNode => null,
        _ => throw Wrong(field, "is not a text"),
    };

    public string Required(string field) => Text(field) ?? throw Wrong(field, "is missing");

    public bool Flag(string field) => Text(field) switch
    {
        null or "false" => false,
        "true" => true,
        var other => throw Wrong(field, $"is '{other}', which is neither true nor false"),
    };

    public YamlFields Map(string field) => Node(field) switch
    {
        null => new YamlFields(file, $"{place}.{field}", mapping: null),
        YamlMappingNode map => new YamlFields(file, $"{place}.{field}", map),
        _ => throw Wrong(field, "is not a mapping"),
    };

    public IEnumerable<YamlFields> Maps(string field) => Items(field).Select((item, index) => item is YamlMappingNode map
        ? new YamlFields(file, $"{place}.{field}[{index}]", map)
        : throw Wrong($"{field}[{index}]", "is not a mapping"));

    public IReadOnlyList<string> Texts(string field) =>
        [.. Items(field).Select((item, index) => (item as YamlScalarNode)?.Value ?? throw Wrong($"{field}[{index}]", "is not a text"))];

    public IEnumerable<string> Names() => mapping?.Children.Keys.OfType<YamlScalarNode>().Select(key => key.Value ?? "") ?? [];

    /// <summary>The contents that FIELD-data holds in base64, or that the file has which FIELD names, relative to this file's directory.</summary>
    public string? Contents(string field)
    {
        var data = $"{field}-data";
        if (Text(data) is { } base64)
        {
            try
            {
                return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(base64));
            }
            catch (FormatException)
            {
                throw Wrong(data, "is not base64");
            }
        }

        return Path(field) is { } path ? ReadFile(field, path) : null;
    }

    /// <summary>A path, made absolute by the directory of this file.</summary>
    public string? Path(string field) => Text(field) is { } path
        ? System.IO.Path.GetFullPath(path, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))!)
        : null;

    public CommandException Wrong(string field, string what) =>
        new($"kubeconfig {file}: {place}.{field} {what}", ExitCodes.Configuration);

    private string ReadFile(string field, string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong(field, $"names a file that cannot be read: {e.Message}");
        }
    }

    private YamlNode? Node(string field) =>
        mapping is not null && mapping.Children.TryGetValue(new YamlScalarNode(field), out var node) && !IsNull(node) ? node : null;

    private IEnumerable<YamlNode> Items(string field) => Node(field) switch
    {
        null => [],
        YamlSequenceNode sequence => sequence.Children,
        _ => throw Wrong(field, "is not a list"),
    };

    private static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: null or "" or "~" or "null" };
}
