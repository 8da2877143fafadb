using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Slots;

namespace Sandcastle.Worker.Tests.Slots;

public sealed class SlotIdsTests
{
    private readonly SlotIds _ids = new(new IdRange(100_000, 4, OwnId: false));

    [Fact]
    public void Take_never_gives_the_keeps_own_id_nor_one_that_is_in_use()
    {
        var inner = Enumerable.Range(0, 3).Select(_ => _ids.Take()!.Value.Inner).ToList();

        inner.ShouldBe([1u, 2u, 3u]);
        _ids.Take().ShouldBeNull();
        _ids.Return(2);
        _ids.Take()!.Value.ShouldBe((4u, 2u));
    }

    [Fact]
    public void Take_comes_back_to_an_id_as_late_as_can_be()
    {
        _ids.Return(_ids.Take()!.Value.Inner);
        _ids.Return(_ids.Take()!.Value.Inner);

        _ids.Take()!.Value.Inner.ShouldBe(3u);
        _ids.Take()!.Value.Inner.ShouldBe(1u);
    }
}
