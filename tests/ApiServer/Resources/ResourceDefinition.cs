using Sandcastle.Testing.ApiServer.Schemas;

namespace Sandcastle.Testing.ApiServer.Resources;

/// <summary>One served version of one resource, and how its objects behave.</summary>
public sealed record ResourceDefinition
{
    /// <summary>API group; empty for the core group.</summary>
    public string Group { get; init; } = "";

    public required string Version { get; init; }

    public required string Plural { get; init; }

    public required string Kind { get; init; }

    public required bool Namespaced { get; init; }

    public string? Singular { get; init; }

    public string? ListKindName { get; init; }

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>True: main writes leave <c>status</c> alone, and status writes touch nothing else.</summary>
    public bool HasStatus { get; init; }

    /// <summary>True: <c>metadata.generation</c> counts the changes outside metadata and status.</summary>
    public bool HasGeneration { get; init; }

    public ScalePaths? Scale { get; init; }

    /// <summary>Null: objects are taken as they come, as this server does for what is built in.</summary>
    public StructuralSchema? Schema { get; init; }

    /// <summary>True: defined by a CustomResourceDefinition.</summary>
    public bool IsCustom { get; init; }

    /// <summary>True: a PUT without <c>metadata.resourceVersion</c> overwrites. Custom resources and leases refuse it.</summary>
    public bool UnconditionalUpdate { get; init; } = true;

    /// <summary>True: a DELETE that removes answers with the object, not with a Status.</summary>
    public bool ReturnsDeleted { get; init; }

    /// <summary>Fields that a fieldSelector may name, besides <c>metadata.name</c> and <c>metadata.namespace</c>.</summary>
    public IReadOnlyList<string> SelectableFields { get; init; } = [];

    public GroupResource Resource => new(Group, Plural);

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public string ListKind => ListKindName ?? Kind + "List";
}
