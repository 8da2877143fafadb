using Sandcastle.Worker.Jails;

namespace Sandcastle.Worker.Tests.Jails;

public sealed class IdRangeTests
{
    private const string Whole = "         0          0 4294967295\n";

    [Fact]
    public void OfRoot_of_the_host_is_what_no_account_uses() =>
        IdRange.OfRoot(Whole, Whole).ShouldBe(new IdRange(IdRange.DefaultBase, 65536, OwnId: false));

    [Theory]
    [InlineData("0 100000 65536\n", "0 100000 65536\n", 1024u, 64512u)]
    [InlineData("0 100000 131072\n", "0 100000 131072\n", 1024u, 65536u)]
    [InlineData("0 100000 65536\n", "0 200000 2048\n", 1024u, 1024u)]
    [InlineData("0 1000 1\n1 100000 65536\n", "0 1000 1\n1 100000 65536\n", 1024u, 64513u)]
    [InlineData("0 5 1\n5000 100000 100\n", "0 5 1\n5000 100000 100\n", 5000u, 100u)]
    public void OfRoot_of_a_namespace_is_within_its_maps(string uidMap, string gidMap, uint hostBase, uint count) =>
        IdRange.OfRoot(uidMap, gidMap).ShouldBe(new IdRange(hostBase, count, OwnId: false));

    [Theory]
    [InlineData("0 1000 1\n", "0 1000 1\n")]
    [InlineData("0 100000 1025\n", "0 100000 1025\n")]
    [InlineData("0 100000 65536\n", "0 100000 1\n")]
    [InlineData("", "")]
    public void OfRoot_of_a_namespace_without_ids_to_give_throws(string uidMap, string gidMap) =>
        Should.Throw<JailException>(() => IdRange.OfRoot(uidMap, gidMap)).Message.ShouldContain("maps no ids above 1023");
}
