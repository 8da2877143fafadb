using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Cgroups.Controllers;
using Sandcastle.Worker.Cgroups.Layout;

namespace Sandcastle.Worker.Tests.Cgroups;

/// <summary>On this machine's v1 hierarchies alone, as if there were no unified one: cpuacct counts, and a loop kills.</summary>
[Collection(CgroupCollection.Name)]
public sealed class SlotCgroupOnV1Tests : SlotCgroupTests
{
    public SlotCgroupOnV1Tests()
        : this(TestRoot.Create())
    {
    }

    private SlotCgroupOnV1Tests(TestRoot root)
        : base(root, CreateTree(root))
    {
    }

    private static CgroupTree CreateTree(TestRoot root)
    {
        var found = CgroupLayout.Detect();
        if (found.Mode == CgroupMode.V2)
        {
            root.Dispose();
            Assert.Skip("this machine has no v1 hierarchy");
        }

        var tree = root.CreateTree(layout: found with { Hierarchies = [.. found.Hierarchies.Where(h => !h.IsUnified)] });
        tree.Report.Mode.ShouldBe(CgroupMode.V1);
        tree.Report.CpuSource.ShouldBe(CpuacctMeter.Source);
        (tree.Report.CpuUserSource, tree.Report.CpuSystemSource).ShouldBe(("cpuacct.usage_user", "cpuacct.usage_sys"));
        tree.Report.KillMethod.ShouldBe(LoopKiller.Method);
        return tree;
    }
}
