using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sandcastle.Bench.Reports;

/// <summary>The report for programs.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static string Write(BenchReport report) => JsonSerializer.Serialize(report, Options) + "\n";

    /// <summary>Keeps it as <c>artifacts/bench/TIME.json</c> and <c>latest.json</c>.</summary>
    /// <returns>The path of the first.</returns>
    public static string Save(BenchReport report)
    {
        Directory.CreateDirectory(Repository.Results);
        var path = Path.Combine(Repository.Results, $"{report.StartedAt.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.json");
        File.WriteAllText(path, Write(report));
        File.Copy(path, Path.Combine(Repository.Results, "latest.json"), overwrite: true);
        return path;
    }
}
