using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sandcastle.Operator.Resources;

/// <summary>A length of time as Kubernetes writes it: whole hours, minutes, seconds and milliseconds, the largest first (<c>1m30s</c>).</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct Duration(TimeSpan Time)
{
    /// <summary>Nine digits of hours are more than a TimeSpan holds, and so are refused by the schema already.</summary>
    public const string Pattern = "^(0|([0-9]{1,5}h)?([0-9]{1,7}m)?([0-9]{1,9}s)?([0-9]{1,9}ms)?)$";

    private static readonly (string Unit, double Milliseconds)[] Units = [("ms", 1), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)];

    /// <exception cref="FormatException">The text is no duration.</exception>
    public static Duration Parse(string text)
    {
        if (text == "0")
        {
            return default;
        }

        var rest = text.AsSpan();
        var milliseconds = 0.0;
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            var (unit, each) = digits <= 0 ? default : UnitAt(rest[digits..]);
            if (unit is null)
            {
                throw new FormatException($"'{text}' is no duration: numbers with the units h, m, s and ms are, such as 1m30s.");
            }

            milliseconds += double.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture) * each;
            rest = rest[(digits + unit.Length)..];
        }

        return text.Length > 0 && milliseconds < TimeSpan.MaxValue.TotalMilliseconds
            ? new Duration(TimeSpan.FromMilliseconds(milliseconds))
            : throw new FormatException($"'{text}' is no duration.");
    }

    public override string ToString()
    {
        if (Time == TimeSpan.Zero)
        {
            return "0s";
        }

        var hours = (long)Time.TotalHours;
        var text = string.Concat(Part(hours, "h"), Part(Time.Minutes, "m"), Part(Time.Seconds, "s"), Part(Time.Milliseconds, "ms"));
        return text;

        static string Part(long number, string unit) => number == 0 ? "" : $"{number}{unit}";
    }

    private static (string? Unit, double Each) UnitAt(ReadOnlySpan<char> text)
    {
        foreach (var (unit, milliseconds) in Units)
        {
            if (text.StartsWith(unit, StringComparison.Ordinal))
            {
                return (unit, milliseconds);
            }
        }

        return default;
    }

    private sealed class Converter : JsonConverter<Duration>
    {
        public override Duration Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return Parse(reader.GetString() ?? throw new JsonException("A duration must be a text."));
            }
            catch (FormatException exception)
            {
                throw new JsonException(exception.Message, exception);
            }
        }

        public override void Write(Utf8JsonWriter writer, Duration value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
