using Sandcastle.Protocol.Rest;

namespace Sandcastle.Bench.Loads;

/// <summary>A program to run, and what it must print.</summary>
internal sealed record Work(RunRequest Request, string Stdout)
{
    public static Work Print { get; } = Of("python", "print(1)", "1\n");

    public static Work Of(string template, string code, string stdout) => new(new RunRequest { Template = template, Code = code }, stdout);
}
