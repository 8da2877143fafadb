namespace Sandcastle.Testing.ApiServer.Objects;

/// <summary>How a create, an update or a patch is to be done.</summary>
public sealed record WriteOptions
{
    public static WriteOptions Default { get; } = new();

    /// <summary>Everything is checked, nothing is kept.</summary>
    public bool DryRun { get; init; }

    /// <summary>Fields that the schema does not know refuse the write (<c>fieldValidation=Strict</c>); else they are dropped.</summary>
    public bool Strict { get; init; }

    /// <summary>A whole object replaces the other, so that a missing resourceVersion may matter.</summary>
    public bool Replaces { get; init; }
}
