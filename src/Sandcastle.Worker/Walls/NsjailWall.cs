using System.Text;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Mounts;
using Sandcastle.Protocol.Limits;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Slots;
using Sandcastle.Worker.Staging;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Walls;

/// <summary>Profile nsjail: one nsjail process around each slot, and nothing else.</summary>
/// <param name="nsjail">Its program.</param>
/// <param name="config">Of the template.</param>
/// <param name="ids">Each slot has one of its own.</param>
/// <param name="prepared">The disk that slots are prepared with.</param>
internal sealed class NsjailWall(string nsjail, NsjailConfig config, IdRange ids, RunLimits prepared) : ISlotWall
{
    /// <summary>The wall of a template's slots.</summary>
    internal static NsjailWall Of(string nsjail, Template template, StagedTemplate staged, string guest, string policy, IdRange ids)
    {
        // What others may not open, a program may not either, and nsjail could not: its ids are the slot's.
        const UnixFileMode Open = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        var covered = NsjailConfig.Covered.Where(name => Path.Exists("/proc/" + name) && (File.GetUnixFileMode("/proc/" + name) & Open) != UnixFileMode.None).ToList();
        var config = new NsjailConfig(RootEntries.Of(staged), guest, policy, covered);
        return new NsjailWall(nsjail, config, ids, template.Defaults);
    }

    public SlotTraits Traits { get; } = new()
    {
        ExtraMemoryBytes = 8 << 20,
        ExtraPids = 2, // nsjail itself and the slot's init
        RunsWhileWaiting = true, // nsjail looks after its child once a second
    };

    public bool DiskIsFittedFromOutside => true;

    public WallCommand CommandFor(Slot slot)
    {
        var text = config.Render(ids, slot.InnerId, prepared.DiskBytes, prepared.DiskInodes, MountTable.Read());
        var file = Memfd.Create("sandcastle-nsjail", Encoding.UTF8.GetBytes(text));
        return new WallCommand([nsjail, "--config", "/proc/self/fd/4"], [file], file);
    }

    public void OnGone(Slot slot)
    {
        // Its configuration went with its last descriptor.
    }
}
