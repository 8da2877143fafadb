using System.Diagnostics;
using Sandcastle.Linux.Epoll;
using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Accounting;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Slots;

namespace Sandcastle.Worker.Runs;

/// <summary>One program while it runs: its output, its deadline, its end. The events come on the reactor's thread.</summary>
internal sealed class RunSession : ISlotUser, IDeadlineHandler
{
    /// <summary>A flood beyond this many times the limit is no longer drained but ended.</summary>
    private const int FloodFactor = 10;

    private static readonly TimeSpan GraceForReport = TimeSpan.FromMilliseconds(300);

    private readonly TaskCompletionSource<RunSession> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Reactor _reactor;
    private readonly Slot _slot;
    private readonly IRunOutput? _output;
    private readonly long _floodBytes;
    private readonly bool _announce;
    private readonly Deadline _deadline;
    private volatile bool _interrupted;
    private int _kill;
    private MemoryIntegral _memory;

    /// <param name="reactor">Whose thread the events come on.</param>
    /// <param name="slot">Taken for this run.</param>
    /// <param name="limits">In force.</param>
    /// <param name="output">Sees the output while it is written.</param>
    /// <param name="announce">It was not told yet that the run has started.</param>
    internal RunSession(Reactor reactor, Slot slot, RunLimits limits, IRunOutput? output, bool announce)
    {
        _announce = announce;
        _reactor = reactor;
        _slot = slot;
        _output = output;
        _floodBytes = limits.OutputBytes * FloodFactor;
        _deadline = new Deadline(this);
        Stdout = new OutputBuffer(limits.OutputBytes);
        Stderr = new OutputBuffer(limits.OutputBytes);
    }

    internal OutputBuffer Stdout { get; }

    internal OutputBuffer Stderr { get; }

    internal KillReason KillReason => (KillReason)Volatile.Read(ref _kill);

    /// <summary>How its parent saw it end; null when nobody was left to see.</summary>
    internal ExitedMessage? Exited { get; private set; }

    internal bool Interrupted => _interrupted;

    internal long StartedAt { get; private set; }

    internal long EndedAt { get; private set; }

    internal double MemoryByteSeconds => _memory.ByteSeconds;

    /// <summary>The run's end. What happened is in the session by then.</summary>
    internal Task<RunSession> Ended => _ended.Task;

    /// <summary>Called when the program is about to get its job.</summary>
    internal void Start(TimeSpan timeout)
    {
        StartedAt = Stopwatch.GetTimestamp();
        _memory.Add(StartedAt, _slot.Baseline.Memory);
        _reactor.Schedule(_deadline, timeout);
        if (_interrupted)
        {
            // Just before; the time limit has taken the place of the end that was set then.
            _reactor.Schedule(_deadline, GraceForReport);
        }

        if (_announce)
        {
            _output?.OnStarted();
        }
    }

    /// <summary>Over, if need be without an end: the program was gone before it had its job, or could not be given one.</summary>
    internal void Abandon() => _reactor.Cancel(_deadline);

    /// <summary>Ends the program; the first reason counts.</summary>
    internal void Kill(KillReason reason)
    {
        if (Interlocked.CompareExchange(ref _kill, (int)reason, (int)KillReason.None) == (int)KillReason.None)
        {
            _slot.KillPrograms();
            _reactor.Schedule(_deadline, GraceForReport);
        }
    }

    /// <summary>One sample for the integral.</summary>
    internal void Sample()
    {
        if (!_ended.Task.IsCompleted && _slot.Cgroup.ReadMemory() is { } bytes)
        {
            _memory.Add(Stopwatch.GetTimestamp(), bytes);
        }
    }

    public void OnStdout(ReadOnlySpan<byte> bytes)
    {
        var kept = Stdout.Add(bytes);
        if (!kept.IsEmpty)
        {
            _output?.OnStdout(kept);
        }

        CheckFlood(Stdout);
    }

    public void OnStderr(ReadOnlySpan<byte> bytes)
    {
        var kept = Stderr.Add(bytes);
        if (!kept.IsEmpty)
        {
            _output?.OnStderr(kept);
        }

        CheckFlood(Stderr);
    }

    public void OnExited(in ExitedMessage exited)
    {
        if (!_ended.Task.IsCompleted)
        {
            Exited = exited;
            End();
        }
    }

    public void OnInterrupted()
    {
        if (_ended.Task.IsCompleted)
        {
            return;
        }

        // The program's own parent tells of its end in a moment, if it lives, with what it used.
        if (!Interrupted)
        {
            _interrupted = true;
            _reactor.Schedule(_deadline, GraceForReport);
            return;
        }

        End();
    }

    /// <summary>The time limit; then, where nobody reports the end that we forced, its next steps.</summary>
    public void OnDeadline(Deadline deadline)
    {
        if (Interrupted)
        {
            End();
        }
        else if (KillReason == KillReason.None)
        {
            Kill(KillReason.Timeout);
        }
        else
        {
            _slot.Kill();
            OnInterrupted();
        }
    }

    private void CheckFlood(OutputBuffer stream)
    {
        if (stream.TotalBytes > _floodBytes)
        {
            Kill(KillReason.OutputLimit);
        }
    }

    private void End()
    {
        _slot.DrainOutput();
        EndedAt = Stopwatch.GetTimestamp();
        _reactor.Cancel(_deadline);
        if (_slot.Cgroup.ReadMemory() is { } bytes)
        {
            _memory.Add(EndedAt, bytes);
        }

        _ended.TrySetResult(this);
    }
}
