using System.Globalization;
using System.Text.Json.Nodes;

namespace Sandcastle.Testing.ApiServer.Objects;

/// <summary>A Kubernetes resource quantity, such as <c>500m</c>, <c>16Gi</c> or <c>2</c>.</summary>
public readonly record struct Quantity(decimal Value) : IComparable<Quantity>
{
    private static readonly (string Suffix, decimal Factor)[] Suffixes =
    [
        ("Ki", 1024m), ("Mi", 1024m * 1024), ("Gi", 1024m * 1024 * 1024), ("Ti", 1024m * 1024 * 1024 * 1024), ("Pi", 1024m * 1024 * 1024 * 1024 * 1024),
        ("n", 1e-9m), ("u", 1e-6m), ("m", 1e-3m), ("k", 1e3m), ("M", 1e6m), ("G", 1e9m), ("T", 1e12m), ("P", 1e15m),
    ];

    public static Quantity Zero => default;

    /// <summary>Reads a string or a number; false when it is no quantity.</summary>
    public static bool TryParse(JsonNode? node, out Quantity quantity)
    {
        quantity = Zero;
        var text = node?.ToString() ?? "";
        var factor = 1m;
        foreach (var (suffix, times) in Suffixes)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal))
            {
                (text, factor) = (text[..^suffix.Length], times);
                break;
            }
        }

        if (!decimal.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        quantity = new Quantity(number * factor);
        return true;
    }

    /// <exception cref="FormatException">No quantity.</exception>
    public static Quantity Parse(JsonNode? node) => TryParse(node, out var quantity) ? quantity : throw new FormatException($"'{node}' is no quantity");

    public static Quantity operator +(Quantity left, Quantity right) => new(left.Value + right.Value);

    public static Quantity operator -(Quantity left, Quantity right) => new(left.Value - right.Value);

    public static Quantity operator *(Quantity left, long times) => new(left.Value * times);

    public static bool operator <(Quantity left, Quantity right) => left.Value < right.Value;

    public static bool operator >(Quantity left, Quantity right) => left.Value > right.Value;

    public static bool operator <=(Quantity left, Quantity right) => left.Value <= right.Value;

    public static bool operator >=(Quantity left, Quantity right) => left.Value >= right.Value;

    public int CompareTo(Quantity other) => Value.CompareTo(other.Value);

    /// <summary>The canonical form for a resource: memory and storage in binary suffixes, everything else in decimal ones.</summary>
    public string Format(string resource)
    {
        var binary = resource is "memory" or "ephemeral-storage" || resource.StartsWith("hugepages-", StringComparison.Ordinal);
        if (binary && Value % 1 == 0)
        {
            return Largest(Suffixes[..5]) ?? Plain(Value);
        }

        return Value % 1 != 0 ? $"{Plain(decimal.Ceiling(Value * 1000))}m" : Largest([("k", 1e3m), ("M", 1e6m), ("G", 1e9m), ("T", 1e12m), ("P", 1e15m)]) ?? Plain(Value);
    }

    private string? Largest((string Suffix, decimal Factor)[] suffixes)
    {
        for (var i = suffixes.Length - 1; i >= 0; i--)
        {
            if (Value != 0 && Value % suffixes[i].Factor == 0)
            {
                return Plain(Value / suffixes[i].Factor) + suffixes[i].Suffix;
            }
        }

        return null;
    }

    private static string Plain(decimal value) => value.ToString("0.#########", CultureInfo.InvariantCulture);
}
