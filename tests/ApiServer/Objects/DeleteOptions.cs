using System.Text.Json.Nodes;

namespace Sandcastle.Testing.ApiServer.Objects;

/// <summary>How an object is to be deleted (meta/v1 DeleteOptions).</summary>
public sealed record DeleteOptions
{
    public static DeleteOptions Default { get; } = new();

    /// <summary>The object must still be this one; null: any.</summary>
    public string? Uid { get; init; }

    /// <summary>The object must still be in this state; null: any.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Seconds; null: what the Pod says. Only Pods that are bound to a node have any.</summary>
    public long? GracePeriodSeconds { get; init; }

    /// <summary><c>Background</c>, <c>Foreground</c> or <c>Orphan</c>; null is Background.</summary>
    public string? PropagationPolicy { get; init; }

    public bool DryRun { get; init; }

    /// <summary>Reads the body of a DELETE; null is the default.</summary>
    public static DeleteOptions Read(JsonObject? body) => new()
    {
        Uid = body.At("preconditions.uid")?.GetValue<string>(),
        ResourceVersion = body.At("preconditions.resourceVersion")?.GetValue<string>(),
        GracePeriodSeconds = body.Number("gracePeriodSeconds"),
        PropagationPolicy = body.At("propagationPolicy")?.GetValue<string>() ?? (body.Flag("orphanDependents") ? "Orphan" : null),
        DryRun = body.Texts("dryRun").Any(),
    };
}
