namespace Sandcastle.Worker.Tests.Cgroups;

/// <summary>On this machine's hierarchies as they are.</summary>
[Collection(CgroupCollection.Name)]
public sealed class SlotCgroupAsFoundTests : SlotCgroupTests
{
    public SlotCgroupAsFoundTests()
        : this(TestRoot.Create())
    {
    }

    private SlotCgroupAsFoundTests(TestRoot root)
        : base(root, root.CreateTree())
    {
    }
}
