using System.Text.Json;
using Sandcastle.Operator.Resources;

namespace Sandcastle.Operator.Certificates.Issued;

/// <summary>cert-manager's resource of this name (<c>cert-manager.io/v1</c>), as far as it is read here.</summary>
public sealed record Certificate : KubeObject
{
    public JsonElement Spec { get; init; }

    public CertificateStatus Status { get; init; } = new();
}
