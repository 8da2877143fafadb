using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace Sandcastle.Kubectl.Credentials;

/// <summary>What shows an API server who asks; both, one, or neither.</summary>
internal sealed record Credential
{
    public static Credential None { get; } = new();

    public AuthenticationHeaderValue? Authorization { get; init; }

    /// <summary>With its private key first; behind it those that lead to its issuer.</summary>
    public X509Certificate2Collection? Certificates { get; init; }

    public static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);
}
