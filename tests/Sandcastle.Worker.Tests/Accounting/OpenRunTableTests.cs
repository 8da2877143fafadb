using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Accounting;

namespace Sandcastle.Worker.Tests.Accounting;

public sealed class OpenRunTableTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void ReadLeft_finds_what_was_added_and_not_removed()
    {
        var path = _directory.PathTo("runs");
        OpenRunTable.ReadLeft(path).ShouldBeEmpty();
        var lost = new OpenRun("slot-1", 17, Receipts.New() with { Sources = new Dictionary<string, FigureSource>() });
        using (var table = OpenRunTable.Create(path, 4))
        {
            var entry = table.Add(lost with { Slot = "slot-0" });
            table.Add(lost);
            table.Remove(entry);
        }

        var run = OpenRunTable.ReadLeft(path).ShouldHaveSingleItem();

        run.Slot.ShouldBe("slot-1");
        run.CpuBaselineMicros.ShouldBe(17);
        run.Draft.Run.ShouldBe(lost.Draft.Run);
        OpenRunTable.Create(path, 4).Dispose();
        OpenRunTable.ReadLeft(path).ShouldBeEmpty();
    }

    public void Dispose() => _directory.Dispose();
}
