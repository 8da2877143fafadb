using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Slots;

/// <summary>What a slot's init is told to spawn: an interpreter that boots now, or a process of ours that waits for a command.</summary>
internal static class SpawnOrder
{
    /// <returns>The message, and the strings that follow it.</returns>
    internal static (Spawn Message, byte[] Strings) Of(uint slot, SlotKind kind, Template template, SlotTraits traits)
    {
        var boots = kind == SlotKind.Booted;
        // A job can only lower them; node takes its job too late for even that.
        var limits = boots && template.Language == TemplateLanguage.Node ? template.Defaults : template.Maximums;
        IReadOnlyList<string> argv = boots ? SlotEnvironment.Boot(template) : [];
        List<string> env = boots ? SlotEnvironment.Of(template, null) : [];
        var strings = WireStrings.Join([.. argv, .. env]);
        var message = new Spawn
        {
            Header = new(MessageKind.Spawn, slot),
            OpenFiles = (uint)limits.OpenFiles,
            Processes = traits.CgroupCountsProcesses ? 0 : (uint)limits.Pids,
            Argc = (uint)argv.Count,
            Envc = (uint)env.Count,
            Length = (uint)strings.Length,
        };
        return (message, strings);
    }
}
