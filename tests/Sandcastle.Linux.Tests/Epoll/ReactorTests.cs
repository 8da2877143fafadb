using System.Collections.Concurrent;
using System.Diagnostics;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Epoll;

namespace Sandcastle.Linux.Tests.Epoll;

public sealed class ReactorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly BlockingCollection<(object Source, Exception Exception)> _faults = [];
    private readonly Reactor _reactor;

    public ReactorTests() => _reactor = new Reactor("reactor-test", (source, exception) => _faults.Add((source, exception)));

    public void Dispose()
    {
        _reactor.Dispose();
        _faults.Dispose();
    }

    [Fact]
    public void OnReady_is_called_on_the_loop_thread_until_disposed()
    {
        using var pipe = Pipe.ForReading();
        var handler = new Reader(_reactor, pipe.Ours);
        using var registration = _reactor.Register(pipe.Ours, EpollEvents.Readable, handler);

        pipe.Theirs.Write("one"u8);
        handler.Next().ShouldBe((3, true));
        pipe.Theirs.Write("three"u8);
        handler.Next().ShouldBe((5, true));

        registration.Dispose();
        pipe.Theirs.Write("unheard"u8);
        Settle();
        handler.Count.ShouldBe(0);
        Should.Throw<ObjectDisposedException>(() => registration.Modify(EpollEvents.Readable));
    }

    [Fact]
    public void OnReady_reports_hang_up_when_the_writer_is_gone()
    {
        using var pipe = Pipe.ForReading();
        using var seen = new BlockingCollection<EpollEvents>();
        var handler = new Relay(seen.Add);
        using var registration = _reactor.Register(pipe.Ours, EpollEvents.Readable | EpollEvents.EdgeTriggered, handler);
        pipe.Theirs.Dispose();

        Take(seen).HasFlag(EpollEvents.HangUp).ShouldBeTrue();
    }

    [Fact]
    public void Registration_disposed_by_another_handler_of_the_same_batch_is_not_called()
    {
        using var first = Pipe.ForReading();
        using var second = Pipe.ForReading();
        var calls = 0;
        var registrations = new List<ReactorRegistration>();
        var handler = new Relay(_ =>
        {
            calls++;
            registrations.ForEach(r => r.Dispose());
        });
        using var done = new ManualResetEventSlim();
        _reactor.Post(() =>
        {
            registrations.Add(_reactor.Register(first.Ours, EpollEvents.Readable, handler));
            registrations.Add(_reactor.Register(second.Ours, EpollEvents.Readable, handler));
            first.Theirs.Write("x"u8);
            second.Theirs.Write("x"u8);
            _reactor.Post(() => _reactor.Post(done.Set));
        });

        done.Wait(Patience, TestContext.Current.CancellationToken).ShouldBeTrue();
        calls.ShouldBe(1);
    }

    [Fact]
    public void Registration_disposed_after_its_descriptor_leaves_the_numbers_next_owner_alone()
    {
        var stale = Pipe.ForReading();
        var old = _reactor.Register(stale.Ours, EpollEvents.Readable, new Relay(_ => { }));
        stale.Dispose();
        using var fresh = Pipe.ForReading();
        var handler = new Reader(_reactor, fresh.Ours);
        using var registration = _reactor.Register(fresh.Ours, EpollEvents.Readable, handler);
        old.Dispose();

        fresh.Theirs.Write("mine"u8);
        handler.Next().ShouldBe((4, true));
    }

    [Fact]
    public void Handler_that_throws_is_reported_and_unregistered_and_the_loop_goes_on()
    {
        using var pipe = Pipe.ForReading();
        var handler = new Relay(_ => throw new InvalidOperationException("handler"));
        using var registration = _reactor.Register(pipe.Ours, EpollEvents.Readable, handler);
        pipe.Theirs.Write("x"u8);

        var fault = TakeFault();
        fault.Source.ShouldBe(handler);
        fault.Exception.Message.ShouldBe("handler");
        Settle();
        _faults.Count.ShouldBe(0);

        _reactor.Post(() => throw new InvalidOperationException("post"));
        TakeFault().Exception.Message.ShouldBe("post");

        _reactor.Schedule(new Deadline(new OnDeadlineRelay(_ => throw new InvalidOperationException("deadline"))), 0);
        TakeFault().Exception.Message.ShouldBe("deadline");
        Settle();
    }

    [Fact]
    public void Post_runs_everything_once_and_in_order_per_thread()
    {
        const int Each = 5000;
        var seen = new List<int>[4];
        using var done = new CountdownEvent(4 * Each);
        Parallel.For(0, 4, thread =>
        {
            seen[thread] = [];
            for (var i = 0; i < Each; i++)
            {
                var number = i;
                _reactor.Post(() =>
                {
                    seen[thread].Add(number);
                    done.Signal();
                }).ShouldBeTrue();
            }
        });

        done.Wait(Patience, TestContext.Current.CancellationToken).ShouldBeTrue();
        seen.ShouldAllBe(numbers => numbers.SequenceEqual(Enumerable.Range(0, Each)));
    }

    [Fact]
    public void Deadlines_are_reached_in_order_and_never_early()
    {
        using var reached = new BlockingCollection<(int Number, long At)>();
        var start = Stopwatch.GetTimestamp();
        int[] order = [3, 1, 2, 0];
        foreach (var number in order)
        {
            var deadline = new Deadline(new OnDeadlineRelay(_ => reached.Add((number, Stopwatch.GetTimestamp()))));
            _reactor.Schedule(deadline, start + (Stopwatch.Frequency * (5 + (number * 5)) / 1000));
        }

        for (var number = 0; number < 4; number++)
        {
            var (which, at) = Take(reached);
            which.ShouldBe(number);
            Stopwatch.GetElapsedTime(start, at).TotalMilliseconds.ShouldBeGreaterThanOrEqualTo(5 + (number * 5));
        }
    }

    [Fact]
    public void Schedule_of_an_earlier_deadline_wakes_the_sleeping_loop()
    {
        // The loop sleeps up to a second by itself, and has just begun to: where nobody wakes it, most are that late. Where the machine is busy, few are.
        Enumerable.Range(0, 5).Select(_ => Lateness()).Order().ElementAt(2).ShouldBeLessThan(TimeSpan.FromMilliseconds(700));

        TimeSpan Lateness()
        {
            Settle();
            using var reached = new BlockingCollection<long>();
            var deadline = new Deadline(new OnDeadlineRelay(_ => reached.Add(Stopwatch.GetTimestamp())));
            var start = Stopwatch.GetTimestamp();
            _reactor.Schedule(deadline, TimeSpan.FromMilliseconds(1));
            return Stopwatch.GetElapsedTime(start, Take(reached));
        }
    }

    [Fact]
    public void Deadline_cancelled_or_moved_is_not_reached_at_its_old_time()
    {
        using var reached = new BlockingCollection<string>();
        var cancelled = new Deadline(new OnDeadlineRelay(_ => reached.Add("cancelled")));
        var moved = new Deadline(new OnDeadlineRelay(_ => reached.Add("moved")));
        var witness = new Deadline(new OnDeadlineRelay(_ => reached.Add("witness")));
        _reactor.Post(() =>
        {
            _reactor.Schedule(cancelled, TimeSpan.FromMilliseconds(1));
            _reactor.Schedule(moved, TimeSpan.FromMilliseconds(1));
            _reactor.Schedule(witness, TimeSpan.FromMilliseconds(5));
            _reactor.Schedule(moved, TimeSpan.FromMilliseconds(10));
            _reactor.Cancel(cancelled).ShouldBeTrue();
            _reactor.Cancel(cancelled).ShouldBeFalse();
        });

        Take(reached).ShouldBe("witness");
        Take(reached).ShouldBe("moved");
        reached.Count.ShouldBe(0);
    }

    [Fact]
    public void Dispose_runs_what_was_posted_and_refuses_what_comes_later()
    {
        var reactor = new Reactor("reactor-stop", (_, _) => { });
        var ran = 0;
        for (var i = 0; i < 100; i++)
        {
            reactor.Post(() => ran++).ShouldBeTrue();
        }

        reactor.Dispose();
        ran.ShouldBe(100);
        reactor.Post(() => ran++).ShouldBeFalse();
        reactor.Dispose();
    }

    [Fact]
    public void An_event_allocates_nothing()
    {
        using var pipe = Pipe.ForReading();
        var meter = new AllocationMeter(_reactor, pipe);
        using var registration = _reactor.Register(pipe.Ours, EpollEvents.Readable, meter);
        pipe.Theirs.Write("x"u8);
        meter.Done.Wait(Patience, TestContext.Current.CancellationToken).ShouldBeTrue();
        meter.Allocated.ShouldBe(0);
    }

    /// <summary>Waits until the loop has gone round with nothing left to report.</summary>
    private void Settle()
    {
        using var done = new ManualResetEventSlim();
        _reactor.Post(() => _reactor.Post(() => _reactor.Post(done.Set)));
        done.Wait(Patience, TestContext.Current.CancellationToken).ShouldBeTrue();
    }

    private (object Source, Exception Exception) TakeFault() => Take(_faults);

    private static T Take<T>(BlockingCollection<T> from)
    {
        from.TryTake(out var item, (int)Patience.TotalMilliseconds, TestContext.Current.CancellationToken).ShouldBeTrue();
        return item!;
    }

    private sealed class Relay(Action<EpollEvents> action) : IReactorHandler
    {
        public void OnReady(EpollEvents events) => action(events);
    }

    private sealed class OnDeadlineRelay(Action<Deadline> action) : IDeadlineHandler
    {
        public void OnDeadline(Deadline deadline) => action(deadline);
    }

    private sealed class Reader(Reactor reactor, Fd fd) : IReactorHandler
    {
        private readonly BlockingCollection<(int Bytes, bool OnLoop)> _reads = [];

        public int Count => _reads.Count;

        public void OnReady(EpollEvents events) => _reads.Add((fd.Read(new byte[64]), reactor.IsLoopThread));

        public (int Bytes, bool OnLoop) Next() => Take(_reads);
    }

    /// <summary>Goes round by an event, a post and a deadline, and watches the loop thread's allocations.</summary>
    private sealed class AllocationMeter : IReactorHandler, IReactorWork, IDeadlineHandler
    {
        private const int WarmUp = 1000;
        private const int Measured = 2000;
        private readonly byte[] _buffer = new byte[8];
        private readonly Reactor _reactor;
        private readonly Pipe _pipe;
        private readonly Deadline _deadline;
        private long _before;
        private int _rounds;

        public AllocationMeter(Reactor reactor, Pipe pipe)
        {
            _reactor = reactor;
            _pipe = pipe;
            _deadline = new Deadline(this);
        }

        public ManualResetEventSlim Done { get; } = new();

        public long Allocated { get; private set; } = -1;

        public void OnReady(EpollEvents events)
        {
            _pipe.Ours.Read(_buffer);
            _reactor.Post(this);
        }

        public void Run() => _reactor.Schedule(_deadline, 0);

        public void OnDeadline(Deadline deadline)
        {
            switch (++_rounds)
            {
                case WarmUp:
                    _before = GC.GetAllocatedBytesForCurrentThread();
                    break;
                case WarmUp + Measured:
                    Allocated = GC.GetAllocatedBytesForCurrentThread() - _before;
                    Done.Set();
                    return;
            }

            _pipe.Theirs.Write("x"u8);
        }
    }
}
