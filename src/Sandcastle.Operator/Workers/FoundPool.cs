using Sandcastle.Operator.Resources.Templates;

namespace Sandcastle.Operator.Workers;

/// <summary>A pool, as a manager needs to know it: what its workers serve, whether or not there are any.</summary>
/// <param name="Namespace">Of the pool.</param>
/// <param name="Name">Of the pool.</param>
/// <param name="Templates">Those of its templates that exist.</param>
public sealed record FoundPool(string Namespace, string Name, IReadOnlyList<SandboxTemplate> Templates);
