using System.Diagnostics;
using Sandcastle.Linux.Files;
using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Accounting;
using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Slots;

namespace Sandcastle.Worker.Runs;

/// <summary>Makes the receipt of each run, and has it in the journal before anybody hears of the run's end.</summary>
internal sealed class ReceiptWriter(
    string worker,
    string? lot,
    CgroupReport cgroups,
    ReceiptJournal journal,
    OpenRunTable openRuns,
    CpuBalance balance,
    IReadOnlyList<string> unenforced,
    TimeProvider time)
{
    private static readonly Dictionary<string, FigureSource> NoSources = [];

    private readonly Dictionary<string, FigureSource> _sources = ReceiptSources.Of(cgroups);
    private readonly Dictionary<string, FigureSource> _sourcesWithoutBytes = ReceiptSources.WithoutBytes(ReceiptSources.Of(cgroups));

    /// <summary>The slot is the run's: what its wall used before is not.</summary>
    internal void HandOver(Slot slot) => balance.AddOverhead(SlotOverhead.Waiting, slot.Rebase());

    /// <summary>The run is about to get its job: from here on it is billed, whatever happens to this process.</summary>
    internal OpenReceipt Open(TemplateRuntime template, Slot slot, RunOrder order)
    {
        var draft = new Receipt
        {
            Run = order.Id,
            Tenant = order.Tenant,
            Template = order.Template,
            Profile = template.Template.Profile,
            Keep = template.Keep,
            Worker = worker,
            Lot = lot,
            StartedAt = time.GetUtcNow(),
            Outcome = Outcome.Interrupted,
            CpuMicros = 0,
            CpuUserMicros = 0,
            CpuSystemMicros = 0,
            RusageCpuMicros = 0,
            WallMicros = 0,
            PeakMemoryBytes = 0,
            MemoryByteSeconds = 0,
            IoReadBytes = 0,
            IoWriteBytes = 0,
            OutputBytes = 0,
            Limits = order.Limits,
            Unenforced = UnenforcedLimits.Of(unenforced, template.Template, slot, order.Limits),
            Sources = slot.Source.Traits.CountsBytes ? _sources : _sourcesWithoutBytes,
        };
        var note = draft with { Sources = NoSources };
        var entry = openRuns.Add(new OpenRun(slot.Cgroup.Name, Micros(slot.Baseline.Cpu.Total), note));
        return new OpenReceipt(this, slot, order, draft, entry);
    }

    internal static long Micros(TimeSpan time) => (long)time.TotalMicroseconds;

    /// <summary>One receipt in the making.</summary>
    internal sealed class OpenReceipt(ReceiptWriter writer, Slot slot, RunOrder order, Receipt draft, int entry) : IDisposable
    {
        private readonly SlotReadings _readings = new(slot);
        private bool _open = true;

        internal RunReport Close(RunSession session, long takenAt, IReadOnlyList<RunFile> files, IReadOnlyList<string> collectErrors)
        {
            var status = session.Exited is { } exited ? new WaitStatus(exited.Status) : (WaitStatus?)null;
            var failed = status is not { Succeeded: true };
            var outcome = OutcomeRule.Decide(new RunEnd
            {
                Status = status,
                Kill = session.KillReason,
                OomKilled = failed && _readings.OomKills() > slot.Baseline.OomKills,
                DiskFull = failed && (session.Exited is { DiskFull: 1 } || IsDiskFull()),
                InitLost = session.Interrupted,
            });
            var receipt = Fill(session, outcome, status);
            writer.Journal(receipt);
            writer.Bill(slot, TimeSpan.FromMicroseconds(receipt.CpuMicros));
            Dispose();
            return Report(session, takenAt, receipt) with { Files = files, CollectErrors = collectErrors };
        }

        public void Dispose()
        {
            if (_open)
            {
                _open = false;
                writer.Forget(entry);
            }
        }

        private Receipt Fill(RunSession session, Outcome outcome, WaitStatus? status)
        {
            var cpu = _readings.Cpu() - slot.Baseline.Cpu;
            var peak = _readings.Peak();
            var exited = session.Exited ?? default;
            var (user, system) = CpuSplit.Scale(cpu);
            var wall = Stopwatch.GetElapsedTime(session.StartedAt, session.EndedAt);
            return draft with
            {
                Outcome = outcome,
                ExitCode = status?.ExitCode,
                Signal = status?.Signal,
                CpuMicros = Micros(cpu.Total),
                CpuUserMicros = user,
                CpuSystemMicros = system,
                RusageCpuMicros = (long)(exited.UserMicros + exited.SystemMicros),
                WallMicros = Micros(wall),
                PeakMemoryBytes = peak,
                MemoryByteSeconds = session.MemoryByteSeconds,
                IoReadBytes = IoBytes.Between(slot.Baseline.Io.ReadBytes, exited.ReadBytes, wall),
                IoWriteBytes = IoBytes.Between(slot.Baseline.Io.WriteBytes, exited.WriteBytes, wall),
                OutputBytes = session.Stdout.TotalBytes + session.Stderr.TotalBytes,
                Sources = _readings.Correct(draft.Sources),
            };
        }

        private RunReport Report(RunSession session, long takenAt, Receipt receipt) => new()
        {
            Outcome = receipt.Outcome,
            ExitCode = receipt.ExitCode,
            Signal = receipt.Signal,
            Stdout = session.Stdout.Kept,
            Stderr = session.Stderr.Kept,
            StdoutTruncated = session.Stdout.IsTruncated,
            StderrTruncated = session.Stderr.IsTruncated,
            Timings = new RunTimings(
                Stopwatch.GetElapsedTime(order.AcceptedTimestamp, takenAt),
                Stopwatch.GetElapsedTime(order.AcceptedTimestamp, session.StartedAt),
                Stopwatch.GetElapsedTime(session.StartedAt, session.EndedAt),
                Stopwatch.GetElapsedTime(order.AcceptedTimestamp)),
            Receipt = receipt,
        };

        private bool IsDiskFull() => slot.Root is { } root && FileSystemSpace.Of(root.Fd) is { FreeBytes: <= 0 } or { FreeInodes: <= 0 };
    }

    private void Journal(Receipt receipt) => journal.Append(receipt);

    private void Bill(Slot slot, TimeSpan cpu)
    {
        slot.Baseline.Account(cpu);
        balance.Bill(cpu);
    }

    private void Forget(int entry) => openRuns.Remove(entry);
}
