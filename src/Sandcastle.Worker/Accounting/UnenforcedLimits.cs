using Sandcastle.Protocol.Limits;
using Sandcastle.Worker.Slots;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Accounting;

/// <summary>Limits of a run that nothing enforces, in the receipt's words.</summary>
internal static class UnenforcedLimits
{
    /// <param name="machine">What the worker cannot enforce at all.</param>
    /// <param name="template">Of the run.</param>
    /// <param name="slot">In which it runs.</param>
    /// <param name="limits">That it asked for.</param>
    internal static IReadOnlyList<string> Of(IReadOnlyList<string> machine, Template template, Slot slot, RunLimits limits)
    {
        var traits = slot.Source.Traits;
        var late = slot.Kind == SlotKind.Booted && template.Language == TemplateLanguage.Node
            ? Late(template.Defaults, traits, limits).ToList()
            : [];
        return traits.Unenforced.Count == 0 && late.Count == 0 ? machine : [.. machine, .. traits.Unenforced, .. late];
    }

    /// <summary>What a node that has booted cannot lower any more.</summary>
    private static IEnumerable<string> Late(RunLimits prepared, SlotTraits traits, RunLimits limits)
    {
        if (limits.OpenFiles < prepared.OpenFiles)
        {
            yield return "openFiles";
        }

        if (!traits.CgroupCountsProcesses && limits.Pids < prepared.Pids)
        {
            yield return "pids";
        }
    }
}
