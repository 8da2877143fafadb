using System.CommandLine;
using System.Text.Json;
using Sandcastle.Cli.Tables;

namespace Sandcastle.Cli;

/// <summary>How a listing is printed: a table for people, JSON as the server sent it for programs.</summary>
internal static class OutputFormat
{
    public const string Json = "json";
    public const string Table = "table";
    public const string Wide = "wide";
    public const string Yaml = "yaml";

    public static Option<string> Option() => Of(Table, Json);

    public static Option<string> DocumentOption() => Of(Table, Json, Yaml);

    /// <summary>For listings that know more columns than fit, and whose documents people read.</summary>
    public static Option<string> ListingOption() => Of(Table, Wide, Json, Yaml);

    public static bool IsDocument(string format) => format is Json or Yaml;

    /// <summary>JSON on one line; YAML as a document of a stream.</summary>
    public static void WriteDocument(JsonElement document, string format)
    {
        Console.Out.Write(format == Json ? document.GetRawText() + "\n" : "---\n" + YamlText.Of(document));
        Console.Out.Flush();
    }

    private static Option<string> Of(params string[] formats) => new Option<string>("--output", "-o")
    {
        Description = formats.Length > 2 ? $"{string.Join(", ", formats[..^1])} or {formats[^1]}" : string.Join(" or ", formats),
        HelpName = "FORMAT",
        DefaultValueFactory = _ => Table,
    }.OneOf(formats);
}
