using System.Text.RegularExpressions;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Templates;
using YamlDotNet.RepresentationModel;

namespace Sandcastle.Worker.Jails.Seccomp;

/// <summary>Reads the groups of one policy file; the form is described in policy/seccomp/README.md.</summary>
internal static partial class SeccompPolicyReader
{
    /// <summary>The groups that could be read; <paramref name="errors"/> grows by what is wrong.</summary>
    internal static IReadOnlyList<SeccompGroup> Read(string file, string text, List<TemplateError> errors)
    {
        if (YamlFile.Parse(file, text, errors) is not { } root)
        {
            return [];
        }

        var fields = new YamlFields(file, "", root, errors);
        var constants = ReadConstants(fields);
        var groups = new List<SeccompGroup>();

        // Sections would name a group by its number; its name says more.
        _ = fields.Sections("groups");
        if (root is YamlMappingNode mapping && mapping.Children.TryGetValue("groups", out var list) && list is YamlSequenceNode items)
        {
            groups.AddRange(items.Select((item, index) => ReadGroup(new YamlFields(file, Prefix(item, index), item, errors), constants)));
        }

        fields.RefuseUnread();
        return groups;
    }

    private static string Prefix(YamlNode group, int index) =>
        group is YamlMappingNode mapping && mapping.Children.TryGetValue("name", out var name) && name is YamlScalarNode { Value: { } text }
            ? $"group '{text}'."
            : $"group {index + 1}.";

    private static Dictionary<string, ulong> ReadConstants(YamlFields fields)
    {
        var constants = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach (var (name, text) in fields.TextMap("constants"))
        {
            if (Names().IsMatch(name) && SeccompNumber.TryParse(text, constants, out var value))
            {
                constants[name] = value;
            }
            else
            {
                fields.Note("constants", $"'{name}: {text}' is no name in capitals with a number");
            }
        }

        return constants;
    }

    private static SeccompGroup ReadGroup(YamlFields fields, Dictionary<string, ulong> constants)
    {
        var group = new SeccompGroup
        {
            Name = fields.RequiredText("name"),
            Reason = fields.RequiredText("reason"),
            Calls = fields.Texts("calls"),
            Verdict = ReadVerdict(fields, constants, []),
        };

        if (fields.Has("reason") && string.IsNullOrWhiteSpace(group.Reason))
        {
            fields.Note("reason", "is empty");
        }

        if (group.Calls.Count == 0)
        {
            fields.Note("calls", "must name at least one");
        }

        foreach (var call in group.Calls.Where(call => !Calls().IsMatch(call)))
        {
            fields.Note("calls", $"'{call}' is no name of a call");
        }

        fields.RefuseUnread();
        return group;
    }

    private static SeccompVerdict ReadVerdict(YamlFields fields, Dictionary<string, ulong> constants, HashSet<uint> above)
    {
        if (fields.Has("action") == fields.Has("decide"))
        {
            fields.Note("action", "exactly one of action and decide is wanted");
        }

        return fields.Has("decide")
            ? ReadDecision(fields.Section("decide"), constants, above)
            : ReadAction(fields, "action");
    }

    private static SeccompAction ReadAction(YamlFields fields, string name)
    {
        var text = fields.RequiredText(name);
        if (SeccompAction.Parse(text) is { } action)
        {
            return action;
        }

        fields.Note(name, $"'{text}' is neither allow, nor kill, nor ok, nor an errno");
        return SeccompAction.Default;
    }

    private static SeccompDecision ReadDecision(YamlFields fields, Dictionary<string, ulong> constants, HashSet<uint> above)
    {
        _ = fields.RequiredText("argument");
        var argument = (uint)fields.Whole("argument", 0, 0, 5);
        if (above.Contains(argument))
        {
            fields.Note("argument", "is looked at further up already");
        }

        if (above.Count >= RuleConditions.Max)
        {
            fields.Note("argument", $"no more than {RuleConditions.Max} arguments of a call can be looked at");
        }

        var mask = ReadMask(fields, constants);
        var decision = new SeccompDecision
        {
            Argument = argument,
            Mask = mask,
            Cases = [.. fields.Sections("cases").Select(item => ReadCase(item, constants, mask, [.. above, argument]))],
            Otherwise = ReadAction(fields, "otherwise"),
        };

        Check(fields, decision);
        fields.RefuseUnread();
        return decision;
    }

    private static ulong? ReadMask(YamlFields fields, Dictionary<string, ulong> constants)
    {
        if (fields.OptionalText("mask") is not { } text)
        {
            return null;
        }

        if (SeccompNumber.TryParse(text, constants, out var mask) && mask != 0)
        {
            return mask;
        }

        fields.Note("mask", $"'{text}' is no number with a bit set");
        return null;
    }

    private static SeccompCase ReadCase(YamlFields fields, Dictionary<string, ulong> constants, ulong? mask, HashSet<uint> above)
    {
        var ranges = new List<SeccompRange>();
        foreach (var text in fields.Texts("is"))
        {
            if (!SeccompNumber.TryParseRange(text, constants, out var range))
            {
                fields.Note("is", $"'{text}' is neither a number nor a constant nor a range of them");
            }
            else if (mask is { } bits && (range.First != range.Last || (range.First & ~bits) != 0))
            {
                fields.Note("is", $"'{text}' is a range or has bits outside the mask");
            }
            else
            {
                ranges.Add(range);
            }
        }

        if (ranges.Count == 0)
        {
            fields.Note("is", "must have at least one value");
        }

        var verdict = ReadVerdict(fields, constants, above);
        fields.RefuseUnread();
        return new SeccompCase(ranges, verdict);
    }

    private static void Check(YamlFields fields, SeccompDecision decision)
    {
        var values = decision.Cases.SelectMany(item => item.Values).OrderBy(range => range.First).ToList();
        for (var i = 1; i < values.Count; i++)
        {
            if (values[i].First <= values[i - 1].Last)
            {
                fields.Note("cases", $"{values[i - 1]} and {values[i]} overlap");
            }
        }

        // The kernel ignores the upper half of a register that holds an int: a bit there must not walk around a refusal.
        if (decision.Bits > uint.MaxValue && decision.Otherwise == SeccompAction.Allow)
        {
            fields.Note("otherwise", "allow is only for a decision with a mask of 32 bits");
        }
    }

    [GeneratedRegex(@"^[A-Z][A-Z0-9_]*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Names();

    // NUL-ended in the wire's name field.
    [GeneratedRegex(@"^[a-z_][a-z0-9_]{0,62}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Calls();
}
