using System.Text;

namespace Sandcastle.Cli.Tests.Programs;

/// <summary>What a process left.</summary>
public sealed record CliResult(int ExitCode, byte[] StdoutBytes, string Stderr)
{
    public string Stdout => Encoding.UTF8.GetString(StdoutBytes);
}
