using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Slots;

/// <summary>What waits in the ready slots of a template.</summary>
internal static class SlotKinds
{
    /// <param name="language">The template's.</param>
    /// <param name="forks">There is a zygote.</param>
    internal static SlotKind Of(TemplateLanguage language, bool forks) => language switch
    {
        TemplateLanguage.Python => forks ? SlotKind.Forked : SlotKind.Booted,
        TemplateLanguage.Node => SlotKind.Booted,
        _ => SlotKind.Command,
    };
}
