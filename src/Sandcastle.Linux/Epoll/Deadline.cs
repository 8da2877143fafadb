namespace Sandcastle.Linux.Epoll;

/// <summary>
/// A point in time that a handler waits for. Made once, scheduled and cancelled as often as its owner likes through
/// <see cref="Reactor.Schedule(Deadline, long)"/> and <see cref="Reactor.Cancel"/>; belongs to one reactor at a time.
/// </summary>
public sealed class Deadline
{
    public Deadline(IDeadlineHandler handler) => Handler = handler;

    public IDeadlineHandler Handler { get; }

    /// <summary>In units of <see cref="System.Diagnostics.Stopwatch"/>. Guarded by the heap's lock.</summary>
    internal long Timestamp { get; set; }

    /// <summary>Its place in the heap, or -1 when it is not scheduled. Guarded by the heap's lock.</summary>
    internal int HeapIndex { get; set; } = -1;
}
