using System.Text.Json;
using CsCheck;
using Sandcastle.Cli.Tables;
using YamlDotNet.RepresentationModel;

namespace Sandcastle.Kubectl.Tests.Objects;

/// <summary>What is written as YAML is read as the same by a reader of it.</summary>
public sealed class YamlTextTests
{
    private static readonly string[] Awkward =
    [
        "", "null", "True", "no", "~", "1", "1e3", "0x1f", "- a", "a: b", "#", "a #b", "\n", " lead", "tail ", "\u0085", "\u2028", "é", "😀", "---", "&a", "*a", "!t", "2026-05-01",
    ];

    private static readonly Gen<string> Text = Gen.OneOf(Gen.Char[' ', '\u2100'].Array[0, 12].Select(chars => new string(chars)), Gen.Int[0, Awkward.Length - 1].Select(index => Awkward[index]));

    [Fact]
    public void Yaml_reads_back_as_the_same() => Value(depth: 3).Sample(value =>
    {
        var json = JsonSerializer.SerializeToElement(value);
        var yaml = new YamlStream();
        yaml.Load(new StringReader(YamlText.Of(json)));
        Same(json, yaml.Documents[0].RootNode).ShouldBeTrue();
    });

    [Fact]
    public void Yaml_is_laid_out_as_kubectl_does() =>
        YamlText.Of(JsonElement.Parse("""{"a":{"b":[1,{"c":"d","e":[]},["x","no"]]},"f":{}}""")).ShouldBe("""
            a:
              b:
              - 1
              - c: d
                e: []
              - - x
                - "no"
            f: {}

            """);

    private static Gen<object?> Value(int depth) => depth == 0
        ? Text.Select(text => (object?)text)
        : Gen.OneOf(
            Text.Select(text => (object?)text),
            Gen.Long.Select(number => (object?)number),
            Gen.Bool.Select(flag => (object?)flag),
            Gen.Const((object?)null),
            Value(depth - 1).List[0, 3].Select(list => (object?)list),
            Gen.Dictionary(Text, Value(depth - 1))[0, 3].Select(map => (object?)map));

    private static bool Same(JsonElement json, YamlNode yaml) => json.ValueKind switch
    {
        JsonValueKind.Object => yaml is YamlMappingNode map
            && json.EnumerateObject().Count() == map.Children.Count
            && json.EnumerateObject().All(property => map.Children.TryGetValue(new YamlScalarNode(property.Name), out var child) && Same(property.Value, child)),
        JsonValueKind.Array => yaml is YamlSequenceNode list
            && json.GetArrayLength() == list.Children.Count
            && json.EnumerateArray().Zip(list.Children).All(pair => Same(pair.First, pair.Second)),
        JsonValueKind.String => yaml is YamlScalarNode text && text.Value == json.GetString() && (text.Style != YamlDotNet.Core.ScalarStyle.Plain || IsText(text.Value!)),
        _ => yaml is YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } scalar && scalar.Value == json.GetRawText(),
    };

    /// <summary>What no reader takes for a number, a truth value, a time or nothing.</summary>
    private static bool IsText(string plain) =>
        char.IsAsciiLetter(plain[0]) && plain.ToUpperInvariant() is not ("NULL" or "TRUE" or "FALSE" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N");
}
