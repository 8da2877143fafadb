using System.Text;

namespace Sandcastle.EndToEnd.Clients;

/// <summary>What a client left.</summary>
internal sealed record ClientResult(int ExitCode, byte[] StdoutBytes, string Stderr)
{
    public string Stdout => Encoding.UTF8.GetString(StdoutBytes);
}
