using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Objects;
using Sandcastle.Testing.ApiServer.Resources;

namespace Sandcastle.Testing.ApiServer.Admission;

/// <summary>What every object's metadata must look like.</summary>
public static partial class MetadataRules
{
    private const int NameLimit = 253;
    private const int LabelLimit = 63;

    /// <summary>Resources whose names become DNS labels.</summary>
    private static readonly GroupResource[] LabelNamed = [BuiltInResources.Namespaces, BuiltInResources.Services];

    public static IEnumerable<FieldError> Check(AdmissionContext context) =>
        [.. Name(context), .. Labels(context.New), .. Owners(context.New), .. Finalizers(context)];

    private static IEnumerable<FieldError> Name(AdmissionContext context)
    {
        var name = context.New.Text("metadata.name");
        if (name.Length == 0)
        {
            yield return FieldError.Required("metadata.name", "name or generateName is required");
            yield break;
        }

        var asLabel = LabelNamed.Contains(context.Definition.Resource);
        if (name.Length > (asLabel ? LabelLimit : NameLimit))
        {
            yield return FieldError.Invalid("metadata.name", name, $"must be no more than {(asLabel ? LabelLimit : NameLimit)} characters");
        }
        else if (context.Definition.Group == "rbac.authorization.k8s.io")
        {
            if (name is "." or ".." || name.Contains('/') || name.Contains('%'))
            {
                yield return FieldError.Invalid("metadata.name", name, "may not contain '/' or '%'");
            }
        }
        else if (asLabel && !DnsLabel().IsMatch(name))
        {
            yield return FieldError.Invalid("metadata.name", name,
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character "
                + "(e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')");
        }
        else if (!DnsSubdomain().IsMatch(name))
        {
            yield return FieldError.Invalid("metadata.name", name,
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character "
                + @"(e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
        }
    }

    private static IEnumerable<FieldError> Labels(JsonObject value)
    {
        if (value.At("metadata.labels") is not JsonObject labels)
        {
            yield break;
        }

        foreach (var (key, label) in labels)
        {
            if (!QualifiedName().IsMatch(key))
            {
                yield return FieldError.Invalid("metadata.labels", key, "name part must consist of alphanumeric characters, '-', '_' or '.'");
            }

            if (label is not JsonValue text || !text.TryGetValue<string>(out var found))
            {
                yield return FieldError.Invalid("metadata.labels", label, "must be a string");
            }
            else if (found.Length > LabelLimit)
            {
                yield return FieldError.Invalid("metadata.labels", found, $"must be no more than {LabelLimit} characters");
            }
            else if (!LabelValue().IsMatch(found))
            {
                yield return FieldError.Invalid("metadata.labels", found, "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.'");
            }
        }
    }

    private static IEnumerable<FieldError> Owners(JsonObject value)
    {
        var controllers = 0;
        foreach (var (owner, index) in value.Owners().Select((owner, index) => (owner, index)))
        {
            foreach (var field in new[] { "apiVersion", "kind", "name", "uid" }.Where(field => owner.Text(field).Length == 0))
            {
                yield return FieldError.Invalid($"metadata.ownerReferences[{index}].{field}", "", $"{field} must not be empty");
            }

            controllers += owner.Flag("controller") ? 1 : 0;
        }

        if (controllers > 1)
        {
            yield return FieldError.Invalid("metadata.ownerReferences", value.At("metadata.ownerReferences")?.DeepClone(), "Only one reference can have Controller set to true");
        }
    }

    private static IEnumerable<FieldError> Finalizers(AdmissionContext context)
    {
        foreach (var finalizer in context.New.Finalizers().Where(one => !QualifiedName().IsMatch(one)))
        {
            yield return FieldError.Invalid("metadata.finalizers", finalizer, "name part must consist of alphanumeric characters, '-', '_' or '.'");
        }

        if (context.Old?.IsDeleting() == true)
        {
            var added = context.New.Finalizers().Except(context.Old.Finalizers()).ToList();
            if (added.Count > 0)
            {
                yield return FieldError.Forbidden("metadata.finalizers",
                    $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{string.Join(", ", added.Select(one => $"\"{one}\""))}}}");
            }
        }
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DnsLabel();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DnsSubdomain();

    [GeneratedRegex(@"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LabelValue();
}
