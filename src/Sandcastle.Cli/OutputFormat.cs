using System.CommandLine;

namespace Sandcastle.Cli;

/// <summary>How a listing is printed: a table for people, JSON as the server sent it for programs.</summary>
internal static class OutputFormat
{
    public const string Json = "json";
    public const string Table = "table";

    public static Option<string> Option() => new Option<string>("--output", "-o")
    {
        Description = "table or json",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => Table,
    }.AcceptOnlyFromAmong(Table, Json);
}
