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

    [Fact]
    public async Task Create_has_the_blocks_of_all_its_entries_and_is_for_its_owner_alone()
    {
        var path = _directory.PathTo("runs");

        OpenRunTable.Create(path, 100).Dispose();

        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["--format=%s %b %a", path]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var said = (await stat.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split(' ');
        (long.Parse(said[1], System.Globalization.CultureInfo.InvariantCulture) * 512).ShouldBeGreaterThanOrEqualTo(100 * 2048);
        said[0].ShouldBe("204800");
        said[2].ShouldBe("600\n");
    }

    [Fact]
    public void Create_where_the_disk_has_no_room_fails_and_leaves_nothing()
    {
        var path = _directory.PathTo("runs");

        Should.Throw<IOException>(() => OpenRunTable.Create(path, int.MaxValue));

        File.Exists(path).ShouldBeFalse();
    }

    public void Dispose() => _directory.Dispose();
}
