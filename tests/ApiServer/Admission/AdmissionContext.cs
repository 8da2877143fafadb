using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Resources;
using Sandcastle.Testing.ApiServer.Storage;

namespace Sandcastle.Testing.ApiServer.Admission;

/// <summary>One write on its way to the store; the store's gate is held.</summary>
public sealed class AdmissionContext
{
    public required WriteOperation Operation { get; init; }

    public required ResourceDefinition Definition { get; init; }

    /// <summary>Empty for the object itself, else such as <c>status</c>.</summary>
    public required string Subresource { get; init; }

    /// <summary>The state before; null for a new object.</summary>
    public JsonObject? Old { get; init; }

    /// <summary>The state to be; rules may change it while they prepare.</summary>
    public required JsonObject New { get; init; }

    public required ObjectStore Store { get; init; }

    /// <summary>What makes the object invalid.</summary>
    public List<FieldError> Errors { get; } = [];

    public bool IsMainWrite => Subresource.Length == 0;
}
