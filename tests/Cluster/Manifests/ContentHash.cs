using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sandcastle.Cluster.Manifests;

/// <summary>The end of a generated ConfigMap's name, as kustomize makes it: what refers to it rolls when its content changes.</summary>
internal static class ContentHash
{
    private const int Length = 10;

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Of(JsonObject data)
    {
        // The name is not in it, though there is a place for it.
        var content = new JsonObject { ["data"] = data.DeepClone(), ["kind"] = "ConfigMap", ["name"] = "" };

        // Go's encoder writes these three so that they do no harm in HTML.
        var text = content.ToJsonString(Compact)
            .Replace("<", "\\u003c", StringComparison.Ordinal)
            .Replace(">", "\\u003e", StringComparison.Ordinal)
            .Replace("&", "\\u0026", StringComparison.Ordinal);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return string.Concat(digest[..Length].Select(Safe));
    }

    // No vowels and none of the digits that look like them: a name should spell nothing.
    private static char Safe(char digit) => digit switch
    {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        _ => digit,
    };
}
