using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Selectors;

/// <summary>Which objects of a collection a list, a watch or a deletion of many means.</summary>
/// <param name="Namespace">Empty for all namespaces.</param>
/// <param name="Labels">By labels.</param>
/// <param name="Fields">By fields.</param>
public sealed record ObjectSelection(string Namespace, LabelSelector Labels, FieldSelector Fields)
{
    public static ObjectSelection All { get; } = new("", LabelSelector.Everything, FieldSelector.Everything);

    public static ObjectSelection In(string @namespace) => All with { Namespace = @namespace };

    public bool Matches(StoredObject value) =>
        (Namespace.Length == 0 || value.Key.Namespace == Namespace) && Labels.Matches(value.Labels) && Fields.Matches(value.Fields);
}
