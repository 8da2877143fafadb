using Sandcastle.Linux.Sockets;
using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Slots;
using Sandcastle.Worker.Templates;

namespace Sandcastle.Worker.Runs;

/// <summary>The one message that a run costs.</summary>
internal static class JobPacket
{
    /// <summary>The whole job; what is beyond a packet goes in further ones.</summary>
    internal static byte[] Encode(Template template, RunOrder order, Slot slot)
    {
        var takesCode = order.Code is not null && slot.Kind != SlotKind.Command;
        var argv = takesCode ? order.Args : CommandLine.Of(template, order);
        var env = SlotEnvironment.Of(template, order.Env);
        var strings = WireStrings.Join([.. argv, .. env]);
        var code = takesCode ? order.Code!.Value : default;
        var job = new Job
        {
            Header = new(MessageKind.Job, 0),
            Version = WireLimits.Version,
            JobKind = takesCode ? JobKind.Code : JobKind.Argv,
            Argc = (uint)argv.Count,
            Envc = (uint)env.Count,
            StringsLength = (uint)strings.Length,
            CodeLength = (uint)code.Length,
            OpenFiles = (uint)order.Limits.OpenFiles,
            Processes = slot.Source.Traits.CgroupCountsProcesses ? 0 : (uint)order.Limits.Pids,
        };
        var header = Packet.Of(job);
        var packet = new byte[header.Length + strings.Length + code.Length];
        header.CopyTo(packet);
        strings.CopyTo(packet.AsSpan(header.Length));
        code.Span.CopyTo(packet.AsSpan(header.Length + strings.Length));
        return packet;
    }

    /// <returns>False when the program is gone before it has its job: nothing was started.</returns>
    internal static async ValueTask<bool> SendAsync(Slot slot, byte[] job, CancellationToken cancellationToken)
    {
        for (var at = 0; at < job.Length;)
        {
            var part = job.AsMemory(at, Math.Min(WireLimits.MessageMax, job.Length - at));
            switch (slot.SendJob(part.Span, default))
            {
                case SendResult.Sent:
                    at += part.Length;
                    break;
                case SendResult.WouldBlock:
                    await slot.WaitForJobSpaceAsync(cancellationToken);
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
