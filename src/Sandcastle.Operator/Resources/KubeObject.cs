namespace Sandcastle.Operator.Resources;

/// <summary>An object of the API server, as far as it is read here. Immutable: a newer version is another object.</summary>
public abstract record KubeObject
{
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>Somebody has asked for its deletion; what finalizers and grace there are still hold it.</summary>
    public bool IsDeleting() => Metadata.DeletionTimestamp is not null;

    public bool IsOwnedBy(KubeObject owner) => Metadata.OwnerReferences.Any(reference => reference.Uid == owner.Metadata.Uid);
}
