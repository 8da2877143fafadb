namespace Sandcastle.Worker.Templates;

/// <summary>A host path that the template's slots see, read-only.</summary>
/// <param name="Source">Absolute path on the host.</param>
/// <param name="Target">Absolute path in the slot.</param>
public sealed record TemplateTree(string Source, string Target);
