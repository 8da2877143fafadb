using System.Diagnostics;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Epoll;
using Sandcastle.Linux.Errors;
using Sandcastle.Protocol.Limits;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Accounting;
using Sandcastle.Worker.Files;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Slots;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Runs;

/// <summary>The life of a run on this worker: take a slot, fit it, send the job, wait, account, answer, let go.</summary>
/// <param name="reactor">Of the slots.</param>
/// <param name="receipts">Writes the receipt.</param>
/// <param name="sampler">Of memory.</param>
/// <param name="interruption">Ends what runs, as <c>interrupted</c>; nobody asked for it who is charged.</param>
internal sealed class RunExecutor(Reactor reactor, ReceiptWriter receipts, MemorySampler sampler, CancellationToken interruption)
{
    /// <summary>Failures of ours before the program started are nobody's to see, unless they come again.</summary>
    private const int Failures = 3;

    /// <summary>When a keep dies, a stock of slots is dead before anybody has heard of it.</summary>
    private const int DeadSlots = 1_000;

    internal async Task<RunReport> RunAsync(
        TemplateRuntime template, RunOrder order, IRunOutput? output, IStartPermission? permission, CancellationToken cancellationToken)
    {
        // A booted node can do nothing but JavaScript.
        var kind = order.Argv is not null && template.Template.Language == TemplateLanguage.Node ? SlotKind.Command : template.Pool.Kind;
        if (order.Argv is not null || kind == SlotKind.Command)
        {
            CommandLine.Check(template.Template, order);
        }

        var announced = false;
        for (int failures = 0, dead = 0; ;)
        {
            var slot = await template.Pool.TakeAsync(kind, order.Tenant, order.Weight, cancellationToken);
            var takenAt = Stopwatch.GetTimestamp();
            var session = new RunSession(reactor, slot, order.Limits, output, announce: !announced);
            try
            {
                if (await TryRunAsync(template, slot, session, order, permission, takenAt, cancellationToken) is { } report)
                {
                    return report;
                }

                if (++dead == DeadSlots)
                {
                    throw new InvalidOperationException("Slots died as fast as they were taken.");
                }
            }
            catch (JailException) when (session.StartedAt == 0 && ++failures < Failures)
            {
                // The next slot may do better. Once a program may have begun it is never begun again.
            }
            finally
            {
                announced |= session.StartedAt != 0;
                session.Abandon(); // where it has no end, nobody shall end it later
                template.Pool.Release(slot);
            }
        }
    }

    /// <summary>Null when the slot died before the program started.</summary>
    private async Task<RunReport?> TryRunAsync(
        TemplateRuntime template,
        Slot slot,
        RunSession session,
        RunOrder order,
        IStartPermission? permission,
        long takenAt,
        CancellationToken cancellationToken)
    {
        if (!slot.TryBegin(session))
        {
            return null;
        }

        var permitted = permission?.AskAsync(cancellationToken) ?? Task.CompletedTask;
        receipts.HandOver(slot);
        await FitAsync(template, slot, order, cancellationToken);
        var job = JobPacket.Encode(template.Template, order, slot);
        await permitted;
        using var open = receipts.Open(template, slot, order);

        // Told before the job is handed over, not after: from the handover on the program may act, and whoever decides about a second try must not
        // be able to think that it has not. So a slot that dies in between was told of and never ran it; then the next one does, and nobody is told twice.
        session.Start(order.Limits.Timeout);
        if (!await JobPacket.SendAsync(slot, job, CancellationToken.None))
        {
            return null;
        }

        await using var cancelled = cancellationToken.UnsafeRegister(static s => ((RunSession)s!).Kill(KillReason.Cancelled), session);
        await using var interrupted = interruption.UnsafeRegister(static s => ((RunSession)s!).Kill(KillReason.Interrupted), session);
        var feeding = FeedStdinAsync(slot, order.Stdin, session);
        sampler.Add(session);
        await session.Ended;
        sampler.Remove(session);
        await feeding;
        var (files, errors) = order.Collect.Count == 0
            ? ([], [])
            : await Collector.CollectAsync(slot, order.Collect);
        return open.Close(session, takenAt, files, errors);
    }

    /// <summary>What differs from how slots of the template are prepared. Nothing, as a rule.</summary>
    private static async Task FitAsync(TemplateRuntime template, Slot slot, RunOrder order, CancellationToken cancellationToken)
    {
        var wanted = order.Limits;
        var prepared = template.Template.Defaults;
        Limit(slot, wanted);
        if (wanted.DiskBytes != prepared.DiskBytes || wanted.DiskInodes != prepared.DiskInodes)
        {
            await slot.Source.ResizeAsync(slot, wanted.DiskBytes, wanted.DiskInodes, cancellationToken);
        }

        foreach (var file in order.Files)
        {
            await Uploader.PutAsync(slot, file, cancellationToken);
        }
    }

    private static void Limit(Slot slot, RunLimits wanted)
    {
        try
        {
            slot.Cgroup.SetLimits(SlotMaker.CgroupLimits(wanted, slot.Source.Traits));
        }
        catch (LinuxException e) when (e.Errno == Errno.EBUSY)
        {
            const string Least = "is less than an empty slot of this template uses";
            throw new RefusalException(new Refusal
            {
                Kind = RefusalKind.Invalid,
                Detail = $"limits.memoryMiB {Least}",
                Errors = [new FieldError("limits.memoryMiB", Least)],
            });
        }
    }

    /// <summary>Writes what the program will read, as fast as it reads; its end, or its death, ends this.</summary>
    private async Task FeedStdinAsync(Slot slot, ReadOnlyMemory<byte> stdin, RunSession session)
    {
        using var pipe = slot.Stdin;
        while (!stdin.IsEmpty && !session.Ended.IsCompleted)
        {
            var written = pipe.Write(stdin.Span);
            if (written == Fd.PeerClosed)
            {
                return;
            }

            if (written > 0)
            {
                stdin = stdin[written..];
                continue;
            }

            // Whichever comes first, the other must not stay behind: what is registered is taken back.
            using var over = new CancellationTokenSource();
            await Task.WhenAny(WriteReadiness.WaitAsync(reactor, pipe, over.Token), session.Ended);
            await over.CancelAsync();
        }
    }
}
