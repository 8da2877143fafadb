namespace Sandcastle.Cli.Tests.Programs;

/// <summary>How to start the client.</summary>
public sealed record CliCall
{
    public required string[] Arguments { get; init; }

    /// <summary>Another program than the client, for what shares its way of being tested.</summary>
    public string? Program { get; init; }

    public string Stdin { get; init; } = "";

    public string? Directory { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
