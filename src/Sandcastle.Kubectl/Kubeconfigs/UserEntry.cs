namespace Sandcastle.Kubectl.Kubeconfigs;

/// <summary>Who asks. Certificate and token may both be there.</summary>
internal sealed record UserEntry
{
    public static UserEntry Anonymous { get; } = new();

    public string? CertificatePem { get; init; }

    public string? KeyPem { get; init; }

    public string? Token { get; init; }

    /// <summary>Read anew for every request, since what writes it replaces it; comes before <see cref="Token"/>.</summary>
    public string? TokenFile { get; init; }

    public string? Username { get; init; }

    public string? Password { get; init; }

    /// <summary>Headers <c>Impersonate-…</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Impersonation { get; init; } = [];

    public ExecEntry? Exec { get; init; }
}
