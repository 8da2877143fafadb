using Sandcastle.Testing.ApiServer.Hosting;
using Sandcastle.Testing.CertManager;

namespace Sandcastle.Operator.Tests.Clusters;

/// <summary>Secrets as directories, as they are when asked for.</summary>
internal sealed class MountedSecrets(ApiServerHost server) : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sandcastle-secrets-");

    internal string Of(string ns, string name) =>
        PlayedIssuer.Mount(server.Objects.Get("secrets", ns, name), Path.Combine(_directory.FullName, $"{ns}.{name}"));

    public void Dispose() => _directory.Delete(recursive: true);
}
