using Sandcastle.Testing.ApiServer.Hosting;

namespace Sandcastle.Operator.Tests;

/// <summary>cert-manager's kinds: as published, where SANDCASTLE_CERT_MANAGER_CRDS names a directory with them; else a definition that takes anything.</summary>
internal static class CertManagerDefinitions
{
    internal const string Certificates = "certificates.cert-manager.io";

    internal static void Install(ApiServerHost server)
    {
        if (Environment.GetEnvironmentVariable("SANDCASTLE_CERT_MANAGER_CRDS") is { Length: > 0 } directory)
        {
            server.Apply(Path.Combine(directory, "cert-manager.io_certificates.yaml"));
            return;
        }

        server.Objects.Create("customresourcedefinitions.apiextensions.k8s.io", Yaml.Parse("""
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: certificates.cert-manager.io}
            spec:
              group: cert-manager.io
              scope: Namespaced
              names: {plural: certificates, singular: certificate, kind: Certificate, listKind: CertificateList}
              versions:
                - name: v1
                  served: true
                  storage: true
                  subresources: {status: {}}
                  schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """)!.AsObject());
    }
}
