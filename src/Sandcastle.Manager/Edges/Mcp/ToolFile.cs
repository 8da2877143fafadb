using System.ComponentModel;

namespace Sandcastle.Manager.Edges.Mcp;

/// <summary>A file that a tool call brings.</summary>
public sealed record ToolFile
{
    [Description("Path relative to the working directory /home/user, for example data/in.csv")]
    public required string Path { get; init; }

    [Description("The file as text; either this or contentBase64")]
    public string? Content { get; init; }

    [Description("The file's bytes in base64; either this or content")]
    public string? ContentBase64 { get; init; }
}
