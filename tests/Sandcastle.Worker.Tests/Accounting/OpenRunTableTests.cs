using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Accounting;

namespace Sandcastle.Worker.Tests.Accounting;

public sealed class OpenRunTableTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Open_finds_what_was_added_and_not_removed()
    {
        var path = _directory.PathTo("runs");
        var lost = new OpenRun("slot-1", 17, Receipts.New() with { Sources = new Dictionary<string, FigureSource>() });
        using (var table = OpenRunTable.Open(path, 4, out var before))
        {
            before.ShouldBeEmpty();
            var entry = table.Add(lost with { Slot = "slot-0" });
            table.Add(lost);
            table.Remove(entry);
        }

        using (OpenRunTable.Open(path, 4, out var left))
        {
            var run = left.ShouldHaveSingleItem();
            run.Slot.ShouldBe("slot-1");
            run.CpuBaselineMicros.ShouldBe(17);
            run.Draft.Run.ShouldBe(lost.Draft.Run);
        }

        using var _ = OpenRunTable.Open(path, 4, out var none);
        none.ShouldBeEmpty();
    }

    public void Dispose() => _directory.Dispose();
}
