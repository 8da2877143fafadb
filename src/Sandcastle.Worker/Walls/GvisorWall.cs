using System.Globalization;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Slots;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Walls;

/// <summary>Profile gvisor: one runsc container, a kernel of its own, around each slot.</summary>
/// <param name="runsc">Its program.</param>
/// <param name="template">Of the slots.</param>
/// <param name="root">Of all of them, with nothing in it but links and places to mount on.</param>
/// <param name="entries">What is mounted there.</param>
/// <param name="guest">The host's directory with the jail's program and the guest's files.</param>
/// <param name="containers">A directory of ours alone: below it one for each slot, with its OCI configuration and what runsc notes of it.</param>
/// <param name="ids">Each slot has one of its own.</param>
/// <param name="filter">The BPF program that slots' programs run under, in that kernel too.</param>
internal sealed class GvisorWall(
    string runsc, Template template, string root, IReadOnlyList<RootEntry> entries, string guest, string containers, IdRange ids, Fd filter) : ISlotWall
{
    public SlotTraits Traits { get; } = new()
    {
        // The other kernel's own: its heap, its stacks, a process that serves files.
        ExtraMemoryBytes = 128 << 20,
        ExtraPids = 256,
        LendsDescriptors = false,
        CgroupCountsProcesses = false,
        CountsBytes = false,
        RunsWhileWaiting = true,
        Unenforced = ["diskInodes"],
    };

    public bool DiskIsFittedFromOutside => false;

    public WallCommand CommandFor(Slot slot)
    {
        var bundle = Directory.CreateDirectory(DirectoryOf(slot), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        var config = OciBundle.Render(root, entries, guest, template.Defaults, template.Maximums, ids, slot.InnerId);
        File.WriteAllText(Path.Combine(bundle, "config.json"), config.ToJsonString());
        return new WallCommand(
            [
                runsc, $"--root={bundle}/state", "--ignore-cgroups", "--network=none", "--platform=systrap", "--overlay2=none",
                "--directfs=false", "--host-uds=none", "--host-fifo=none", "--log=/dev/null", "run", "--bundle=" + bundle, "--pass-fd=3:3",
                "--pass-fd=4:4", Name(slot),
            ],
            [filter]);
    }

    /// <summary>A container that ended by itself removed its state; one that was killed could not.</summary>
    public void OnGone(Slot slot)
    {
        if (Directory.Exists(DirectoryOf(slot)))
        {
            Directory.Delete(DirectoryOf(slot), recursive: true);
        }
    }

    private static string Name(Slot slot) => string.Create(CultureInfo.InvariantCulture, $"slot-{slot.Id}");

    private string DirectoryOf(Slot slot) => Path.Combine(containers, Name(slot));
}
