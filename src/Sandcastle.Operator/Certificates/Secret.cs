using System.Text;
using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Certificates;

/// <summary>A Secret with texts.</summary>
public sealed record Secret : KubeObject
{
    /// <summary>By name; base64.</summary>
    public IReadOnlyDictionary<string, string> Data { get; init; } = new Dictionary<string, string>();

    internal string Text(string name)
    {
        try
        {
            return Data.TryGetValue(name, out var encoded) ? Encoding.UTF8.GetString(Convert.FromBase64String(encoded)) : "";
        }
        catch (FormatException)
        {
            return "";
        }
    }

    /// <summary>Null when it holds no certificate with its key.</summary>
    internal KeyPair? Pair(string certificate, string key)
    {
        var pair = new KeyPair(Text(certificate), Text(key));
        return pair.RenewAt() is null ? null : pair;
    }
}
