using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Watch;
using Sandcastle.Testing.Clocks;

namespace Sandcastle.Operator.Tests.Watch;

public sealed class WorkQueueTests : IDisposable
{
    private static readonly ObjectKey One = new("ns", "one");
    private static readonly ObjectKey Two = new("ns", "two");

    private readonly HandClock _clock = new();
    private readonly WorkQueue _queue;

    public WorkQueueTests() => _queue = new WorkQueue(_clock);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task Take_of_a_key_added_twice_gives_it_once()
    {
        _queue.Add(One);
        _queue.Add(One);
        _queue.Add(Two);

        (await _queue.TakeAsync(Cancelled)).ShouldBe(One);
        (await _queue.TakeAsync(Cancelled)).ShouldBe(Two);
        _queue.Depth.ShouldBe(0);
    }

    [Fact]
    public async Task Take_of_a_key_that_is_worked_on_waits_until_it_is_done()
    {
        _queue.Add(One);
        await _queue.TakeAsync(Cancelled);
        _queue.Add(One);

        var next = _queue.TakeAsync(Cancelled);
        next.IsCompleted.ShouldBeFalse();
        _queue.Done(One);

        (await next).ShouldBe(One);
    }

    [Fact]
    public async Task AddAfter_keeps_the_shortest_wait()
    {
        _queue.AddAfter(One, TimeSpan.FromSeconds(60));
        _queue.AddAfter(One, TimeSpan.FromSeconds(5));
        _queue.AddAfter(One, TimeSpan.FromSeconds(30));

        _clock.Advance(TimeSpan.FromSeconds(4));
        _queue.Depth.ShouldBe(0);
        _clock.Advance(TimeSpan.FromSeconds(1));

        (await _queue.TakeAsync(Cancelled)).ShouldBe(One);
        _clock.Timers.ShouldBe(0);
    }

    [Fact]
    public void AddFailed_waits_longer_each_time_and_Forget_begins_anew()
    {
        TimeSpan Wait()
        {
            _queue.AddFailed(One);
            var waited = TimeSpan.Zero;
            while (_queue.Depth == 0)
            {
                _clock.Advance(TimeSpan.FromMilliseconds(100));
                waited += TimeSpan.FromMilliseconds(100);
            }

            _queue.TakeAsync(Cancelled).IsCompletedSuccessfully.ShouldBeTrue();
            _queue.Done(One);
            return waited;
        }

        Enumerable.Range(0, 9).Select(_ => Wait().TotalSeconds).ShouldBe([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10]);
        _queue.Forget(One);
        Wait().TotalSeconds.ShouldBe(0.1);
    }
}
