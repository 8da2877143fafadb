using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sandcastle.Worker.Templates;

/// <summary>
/// Reads the fields of one YAML mapping. What is wrong is noted with its line and its dotted name, and reading goes on with the
/// fallback, so that one pass finds every error. <see cref="RefuseUnread"/> comes last: what nobody asked for is unknown.
/// </summary>
internal sealed class YamlFields
{
    private readonly Dictionary<string, (YamlNode Key, YamlNode Value)> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly string _file;
    private readonly string _prefix;
    private readonly YamlNode _node;
    private readonly List<TemplateError> _errors;

    internal YamlFields(string file, string prefix, YamlNode node, List<TemplateError> errors)
    {
        (_file, _prefix, _node, _errors) = (file, prefix, node, errors);
        if (node is not YamlMappingNode mapping)
        {
            Note(node, "", "must be a mapping");
            return;
        }

        foreach (var (key, value) in mapping)
        {
            if (key is YamlScalarNode { Value: { } name })
            {
                _fields[name] = (key, value);
            }
            else
            {
                Note(key, "", "has a key that is no text");
            }
        }
    }

    internal string Text(string name, string fallback) => Scalar(name) ?? fallback;

    internal string? OptionalText(string name) => Scalar(name);

    internal string RequiredText(string name)
    {
        var text = Scalar(name);
        if (string.IsNullOrEmpty(text) && !_fields.ContainsKey(name))
        {
            Note(_node, name, "is missing");
        }

        return text ?? "";
    }

    internal T Choice<T>(string name, T fallback, IReadOnlyDictionary<string, T> choices)
    {
        if (Scalar(name) is not { } text)
        {
            return fallback;
        }

        if (choices.TryGetValue(text, out var choice))
        {
            return choice;
        }

        Note(name, $"'{text}' is none of {string.Join(", ", choices.Keys)}");
        return fallback;
    }

    internal long Whole(string name, long fallback, long minimum, long maximum)
    {
        if (Scalar(name) is not { } text)
        {
            return fallback;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= minimum && number <= maximum)
        {
            return number;
        }

        Note(name, $"must be a whole number from {minimum} to {maximum}");
        return fallback;
    }

    internal double Number(string name, double fallback, double minimum, double maximum)
    {
        if (Scalar(name) is not { } text)
        {
            return fallback;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= minimum && number <= maximum)
        {
            return number;
        }

        Note(name, $"must be a number from {minimum} to {maximum}");
        return fallback;
    }

    internal IReadOnlyList<string> Texts(string name)
    {
        if (!Take(name, out var node))
        {
            return [];
        }

        if (node is YamlSequenceNode sequence && sequence.All(item => item is YamlScalarNode))
        {
            return [.. sequence.Select(item => ((YamlScalarNode)item).Value ?? "")];
        }

        Note(name, "must be a list of texts");
        return [];
    }

    internal IReadOnlyDictionary<string, string> TextMap(string name)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!Take(name, out var node))
        {
            return map;
        }

        if (node is not YamlMappingNode mapping)
        {
            Note(name, "must be a mapping of texts");
            return map;
        }

        foreach (var (key, value) in mapping)
        {
            if (key is not YamlScalarNode { Value: { } left })
            {
                Note(key, name, "has a key that is no text");
            }
            else if (value is not YamlScalarNode { Value: { } right })
            {
                Note(value, $"{name}.{left}", "must be a text");
            }
            else
            {
                map[left] = right;
            }
        }

        return map;
    }

    /// <summary>The mapping in a field; an empty one when it is absent.</summary>
    internal YamlFields Section(string name) =>
        new(_file, _prefix + name + ".", Take(name, out var node) ? node : new YamlMappingNode(), _errors);

    /// <summary>The mappings in a list.</summary>
    internal IEnumerable<YamlFields> Sections(string name)
    {
        if (!Take(name, out var node))
        {
            return [];
        }

        if (node is YamlSequenceNode sequence)
        {
            return sequence.Select((item, index) => new YamlFields(_file, $"{_prefix}{name}[{index}].", item, _errors));
        }

        Note(name, "must be a list");
        return [];
    }

    internal void RefuseUnread()
    {
        foreach (var (name, (key, _)) in _fields)
        {
            if (!_read.Contains(name))
            {
                Note(key, name, $"is unknown; known are {string.Join(", ", _read.Order(StringComparer.Ordinal))}");
            }
        }
    }

    /// <summary>Notes an error of a field that is there.</summary>
    internal void Note(string name, string message) =>
        Note(_fields.TryGetValue(name, out var field) ? field.Value : _node, name, message);

    internal bool Has(string name) => _fields.ContainsKey(name);

    private void Note(YamlNode node, string name, string message) =>
        _errors.Add(new TemplateError(_file, Math.Max(0, ((Mark)node.Start).Line), (_prefix + name).TrimEnd('.'), message));

    private string? Scalar(string name)
    {
        if (!Take(name, out var node))
        {
            return null;
        }

        if (node is YamlScalarNode { Value: { } text })
        {
            return text;
        }

        Note(name, "must be a single value");
        return null;
    }

    private bool Take(string name, out YamlNode node)
    {
        _read.Add(name);
        var there = _fields.TryGetValue(name, out var field);
        node = field.Value;
        return there;
    }
}
