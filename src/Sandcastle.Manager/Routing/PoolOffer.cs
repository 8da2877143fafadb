using Sandcastle.Protocol.Templates;

namespace Sandcastle.Manager.Routing;

/// <summary>What a pool's workers serve, known without any of them.</summary>
/// <param name="Namespace">Of the pool.</param>
/// <param name="Pool">Its name.</param>
/// <param name="Template">As a worker of it would offer it, with no slot.</param>
public sealed record PoolOffer(string Namespace, string Pool, TemplateStatus Template);
