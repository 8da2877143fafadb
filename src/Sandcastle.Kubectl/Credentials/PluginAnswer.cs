using System.Text.Json;
using Sandcastle.Kubectl.Objects;

namespace Sandcastle.Kubectl.Credentials;

/// <summary>What a credential plugin printed: an ExecCredential.</summary>
internal sealed record PluginAnswer
{
    public string? Token { get; private init; }

    public string? CertificatePem { get; private init; }

    public string? KeyPem { get; private init; }

    /// <summary>Null: good as long as this process lives.</summary>
    public DateTimeOffset? ExpiresAt { get; private init; }

    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static PluginAnswer Parse(byte[] json, string apiVersion)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.Text("kind") != "ExecCredential" || root.Text("apiVersion") != apiVersion)
            {
                throw new FormatException($"it printed {root.Text("kind") ?? "no kind"} of {root.Text("apiVersion") ?? "no apiVersion"} instead of ExecCredential of {apiVersion}");
            }

            var answer = new PluginAnswer
            {
                Token = root.Text("status", "token"),
                CertificatePem = root.Text("status", "clientCertificateData"),
                KeyPem = root.Text("status", "clientKeyData"),
                ExpiresAt = root.Time("status", "expirationTimestamp"),
            };
            return answer.Token is not null || answer is { CertificatePem: not null, KeyPem: not null }
                ? answer
                : throw new FormatException("what it printed has neither a token nor a client certificate with its key");
        }
        catch (JsonException e)
        {
            throw new FormatException($"what it printed is not JSON: {e.Message}", e);
        }
    }
}
