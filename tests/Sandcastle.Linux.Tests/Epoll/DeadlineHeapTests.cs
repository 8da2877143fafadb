using CsCheck;
using Sandcastle.Linux.Epoll;

namespace Sandcastle.Linux.Tests.Epoll;

public sealed class DeadlineHeapTests
{
    private sealed class Nobody : IDeadlineHandler
    {
        public void OnDeadline(Deadline deadline)
        {
        }
    }

    [Fact]
    public void TakeDue_after_any_scheduling_and_cancelling_gives_what_is_left_in_order() =>
        Gen.Select(Gen.Int[0, 19], Gen.Long[-1, 50]).List[0, 200].Sample(steps =>
        {
            var heap = new DeadlineHeap();
            var deadlines = Enumerable.Range(0, 20).Select(_ => new Deadline(new Nobody())).ToArray();
            var model = new Dictionary<int, long>();
            foreach (var (which, timestamp) in steps)
            {
                if (timestamp < 0)
                {
                    heap.Remove(deadlines[which]).ShouldBe(model.Remove(which));
                }
                else
                {
                    heap.Set(deadlines[which], timestamp);
                    model[which] = timestamp;
                }

                heap.Count.ShouldBe(model.Count);
                heap.Earliest.ShouldBe(model.Count == 0 ? long.MaxValue : model.Values.Min());
            }

            heap.TakeDue(-1).ShouldBeNull();
            var taken = new List<long>();
            while (heap.TakeDue(25) is { } due)
            {
                due.HeapIndex.ShouldBe(-1);
                taken.Add(due.Timestamp);
            }

            taken.ShouldBe(model.Values.Where(t => t <= 25).Order());
        });
}
