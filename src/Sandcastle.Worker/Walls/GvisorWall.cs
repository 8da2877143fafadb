using System.Globalization;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Worker.Slots;
using Sandcastle.Worker.Staging;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Walls;

/// <summary>Profile gvisor: one runsc container, a kernel of its own, around each slot.</summary>
/// <param name="runsc">Its program.</param>
/// <param name="bundle">The template's OCI bundle, the same for every slot.</param>
/// <param name="states">A directory for what runsc notes of its containers.</param>
/// <param name="filter">The BPF program that slots' programs run under, in that kernel too.</param>
internal sealed class GvisorWall(string runsc, string bundle, string states, Fd filter) : ISlotWall
{
    /// <summary>The wall of a template's slots. Writes its bundle into the stage.</summary>
    internal static GvisorWall Of(string runsc, Template template, StagedTemplate staged, Stage stage, Fd filter)
    {
        var bundle = stage.AddPrivate(template, "bundle");
        var config = OciBundle.Render(staged, stage.Guest, template.Defaults, template.Maximums);
        File.WriteAllText(Path.Combine(bundle, "config.json"), config.ToJsonString());
        return new GvisorWall(runsc, bundle, stage.AddPrivate(template, "containers"), filter);
    }

    public SlotTraits Traits { get; } = new()
    {
        // The other kernel's own: its heap, its stacks, a process that serves files.
        ExtraMemoryBytes = 128 << 20,
        ExtraPids = 256,
        LendsDescriptors = false,
        CgroupCountsProcesses = false,
        RunsWhileWaiting = true,
        Unenforced = ["diskInodes"],
    };

    public bool DiskIsFittedFromOutside => false;

    public WallCommand CommandFor(Slot slot)
    {
        var id = Id(slot);
        return new WallCommand(
            [
                runsc, "--root=" + StateOf(slot), "--ignore-cgroups", "--network=none", "--platform=systrap", "--overlay2=root:memory",
                "--directfs=false", "--host-uds=none", "--host-fifo=none", "--log=/dev/null", "run", "--bundle=" + bundle, "--pass-fd=3:3",
                "--pass-fd=4:4", id,
            ],
            [filter]);
    }

    /// <summary>A container that ended by itself removed its state; one that was killed could not.</summary>
    public void OnGone(Slot slot)
    {
        var state = StateOf(slot);
        if (Directory.Exists(state))
        {
            Directory.Delete(state, recursive: true);
        }
    }

    private static string Id(Slot slot) => string.Create(CultureInfo.InvariantCulture, $"slot-{slot.Id}");

    private string StateOf(Slot slot) => Path.Combine(states, Id(slot));
}
