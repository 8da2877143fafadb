using System.Collections.Frozen;
using Sandcastle.Protocol.Templates;

namespace Sandcastle.Manager.Routing;

/// <summary>Who serves which template: made of a directory's snapshot, so that a decision looks at two workers and not at all. Immutable.</summary>
internal sealed class RoutingTable
{
    private readonly FrozenDictionary<string, Route[]> _routes;

    internal RoutingTable(IReadOnlyList<IWorkerLink> links, long version)
    {
        Version = version;
        _routes = links
            .Where(link => !link.IsDraining)
            .SelectMany(link => link.Templates.Where(t => t.Available).Select(t => new Route(link, t)))
            .GroupBy(route => route.Offer.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
    }

    internal long Version { get; }

    internal ReadOnlySpan<Route> For(string template) => _routes.GetValueOrDefault(template);

    /// <param name="Link">Serves it.</param>
    /// <param name="Offer">As it was offered when the table was made: its numbers are old.</param>
    internal sealed record Route(IWorkerLink Link, TemplateStatus Offer);
}
