using System.Runtime.CompilerServices;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Accounting;

/// <summary>
/// Receipts on their way to the ledger: appended before an answer leaves, read in batches, forgotten when they are acknowledged.
/// One <c>write</c> each and no fsync: a receipt survives the death of every process of ours, not that of the machine.
/// Safe for concurrent use.
/// </summary>
internal sealed class ReceiptJournal : IDisposable
{
    private const int BatchReceipts = 256;
    private const long DefaultSegmentBytes = 16L << 20;

    private readonly Lock _gate = new();
    private readonly Lock _acknowledging = new();
    private readonly AcknowledgedPosition _position;
    private readonly string _directory;
    private readonly long _segmentBytes;
    private readonly List<JournalSegment> _segments;
    private TaskCompletionSource _appended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _awaited;
    private long _acknowledged;

    private ReceiptJournal(string directory, long segmentBytes)
    {
        (_directory, _segmentBytes) = (directory, segmentBytes);
        _position = new AcknowledgedPosition(Path.Combine(directory, "acknowledged"));
        _acknowledged = _position.Read();
        _segments = [.. JournalSegment.OpenAll(directory)];
        if (_segments.Count == 0)
        {
            _segments.Add(JournalSegment.Create(directory, _acknowledged));
        }
        else if (_acknowledged > _segments[^1].End)
        {
            // Beyond all that was ever written: it rotted. Taken at its word it would hide every receipt to come.
            _acknowledged = _segments[0].Start;
        }
    }

    /// <param name="directory">Made when it is not there. One journal at a time: the caller holds the data directory's lock.</param>
    /// <param name="segmentBytes">A file that has grown to this is followed by the next.</param>
    internal static ReceiptJournal Open(string directory, long segmentBytes = DefaultSegmentBytes)
    {
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new ReceiptJournal(directory, segmentBytes);
    }

    /// <summary>When it returns, the receipt will reach the ledger, whatever happens to this process.</summary>
    internal void Append(Receipt receipt)
    {
        var record = JournalRecord.Write(receipt);
        TaskCompletionSource? wake = null;
        lock (_gate)
        {
            if (_segments[^1].End - _segments[^1].Start >= _segmentBytes)
            {
                _segments.Add(JournalSegment.Create(_directory, _segments[^1].End));
            }

            _segments[^1].Append(record);
            if (_awaited)
            {
                wake = _appended;
                _appended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _awaited = false;
            }
        }

        wake?.SetResult();
    }

    /// <summary>From the oldest receipt that is not acknowledged; then waits for more, until cancelled.</summary>
    internal async IAsyncEnumerable<ReceiptBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = Volatile.Read(ref _acknowledged);
        while (true)
        {
            var (segment, appended) = Find(position);
            if (segment is null)
            {
                await appended.WaitAsync(cancellationToken);
                continue;
            }

            position = Math.Max(position, segment.Start);
            var receipts = segment.Read(ref position, BatchReceipts);
            if (receipts.Count > 0)
            {
                yield return new ReceiptBatch(position, receipts);
            }
        }
    }

    internal bool HasUnacknowledged => Find(Volatile.Read(ref _acknowledged)).Segment is not null;

    /// <summary>What is not acknowledged now, oldest first.</summary>
    internal IEnumerable<Receipt> Unacknowledged()
    {
        var position = Volatile.Read(ref _acknowledged);
        while (Find(position).Segment is { } segment)
        {
            position = Math.Max(position, segment.Start);
            foreach (var receipt in segment.Read(ref position, BatchReceipts))
            {
                yield return receipt;
            }
        }
    }

    /// <summary>The ledger holds everything before this position for good.</summary>
    internal void Acknowledge(long position)
    {
        // A lock of its own: a run that ends must not wait for a file.
        lock (_acknowledging)
        {
            lock (_gate)
            {
                if (position <= _acknowledged || position > _segments[^1].End)
                {
                    return;
                }
            }

            _position.Write(position);
            foreach (var segment in Forget(position))
            {
                segment.Delete();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _segments.ForEach(segment => segment.Dispose());
        }

        _position.Dispose();
    }

    /// <summary>The segments that nobody will read again.</summary>
    private List<JournalSegment> Forget(long position)
    {
        lock (_gate)
        {
            Volatile.Write(ref _acknowledged, position);
            var read = _segments.TakeWhile((segment, i) => i < _segments.Count - 1 && segment.End <= position).ToList();
            _segments.RemoveRange(0, read.Count);
            return read;
        }
    }

    /// <summary>The segment that holds what comes after a position, or a task that ends when there is more.</summary>
    private (JournalSegment? Segment, Task Appended) Find(long position)
    {
        lock (_gate)
        {
            var segment = _segments.Find(segment => segment.End > position);
            _awaited |= segment is null;
            return (segment, _appended.Task);
        }
    }
}
