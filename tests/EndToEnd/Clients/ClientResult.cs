using System.Text;

namespace Sandcastle.EndToEnd.Clients;

/// <summary>What a client left.</summary>
internal sealed record ClientResult(int ExitCode, byte[] StdoutBytes, string Stderr)
{
    /// <summary>Its number while it ran.</summary>
    public int Pid { get; init; }

    public string Stdout => Encoding.UTF8.GetString(StdoutBytes);
}
