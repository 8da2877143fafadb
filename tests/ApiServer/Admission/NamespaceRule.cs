using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Admission;

/// <summary>Namespaces hold a finalizer of their own until they are empty; one that is going away takes nothing new.</summary>
public sealed class NamespaceRule : IAdmissionRule
{
    public bool Concerns(ResourceDefinition definition) => definition.Resource == BuiltInResources.Namespaces;

    public void Prepare(AdmissionContext context)
    {
        if (context.Operation != WriteOperation.Create)
        {
            return;
        }

        context.New.Put("spec.finalizers", new JsonArray("kubernetes"));
        context.New.Put("status.phase", "Active");
        context.New.Metadata().Child("labels")["kubernetes.io/metadata.name"] = context.New.Text("metadata.name");
    }

    /// <exception cref="ApiException">404: no such namespace; 403: it is being deleted.</exception>
    public static void RequireOpen(ObjectStore store, ResourceDefinition definition, ObjectKey key)
    {
        var home = store.Get(BuiltInResources.Namespaces, new ObjectKey("", key.Namespace))
            ?? throw Refusal.NotFound(BuiltInResources.Namespaces, key.Namespace);
        if (home.Fields["status.phase"] == "Terminating")
        {
            var refusal = Refusal.Forbidden(definition.Resource, key.Name, $"unable to create new content in namespace {key.Namespace} because it is being terminated");
            refusal.Details!["causes"] = new JsonArray(
                new FieldError("metadata.namespace", "NamespaceTerminating", $"namespace {key.Namespace} is being terminated").ToCause());
            throw refusal;
        }
    }
}
