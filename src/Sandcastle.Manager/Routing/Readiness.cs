using System.Collections.Concurrent;
using Sandcastle.Protocol.Templates;

namespace Sandcastle.Manager.Routing;

/// <summary>
/// Says whether runs can be taken at all: every available template once had its slots, and some template has one. In a burst a stock is always
/// being refilled, or another template's programs have all the slots there may be: a server that works at its limit must not be taken for one that is down.
/// </summary>
/// <param name="router">Knows the templates.</param>
/// <param name="needsWorkers">
/// False for a manager whose workers come and go: without any it refuses runs and is ready all the same, to say so, and to be asked how many it has.
/// </param>
public sealed class Readiness(WorkerRouter router, bool needsWorkers)
{
    private readonly ConcurrentDictionary<string, byte> _filledOnce = new(StringComparer.Ordinal);

    /// <summary>What is missing, one sentence each; empty when ready.</summary>
    public IReadOnlyList<string> Look()
    {
        if (!needsWorkers)
        {
            return [];
        }

        if (router.Links is { Count: > 0 } links && links.All(link => link.IsDraining))
        {
            return ["it is being drained and takes nothing new"];
        }

        var templates = router.Templates;
        if (!templates.Any(t => t.Available && t.SlotsReady + t.SlotsBusy > 0))
        {
            _filledOnce.Clear();
        }

        var missing = templates.Where(t => t.Available && !IsReady(t))
            .Select(t => $"template '{t.Name}' has {t.SlotsReady} of {t.SlotsWanted} ready slots")
            .ToList();
        if (!templates.Any(t => t.Available))
        {
            missing.Add("no template is available");
            missing.AddRange(templates.Select(t => $"template '{t.Name}' is not available: {t.UnavailableReason}"));
        }

        return missing;
    }

    private bool IsReady(TemplateStatus template)
    {
        if (template.SlotsReady + template.SlotsBusy >= template.SlotsWanted)
        {
            _filledOnce[template.Name] = 0;
        }

        return _filledOnce.ContainsKey(template.Name);
    }
}
