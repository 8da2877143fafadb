using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Staging;

/// <summary>What a template's keep is built from, on the host.</summary>
/// <param name="Root">Lowest layer of every slot.</param>
/// <param name="Keep">An empty directory where the builtin keep puts its own root together.</param>
/// <param name="Trees">Host paths that are seen inside.</param>
internal sealed record StagedTemplate(string Root, string Keep, IReadOnlyList<TemplateTree> Trees);
