using Sandcastle.Linux.Descriptors;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Runs;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Slots;

namespace Sandcastle.Worker.Files;

/// <summary>Files on their way in: written by the slot's init, inside, with the slot's ids and on the slot's account.</summary>
internal static class Uploader
{
    private const uint Mode = 0x1A4; // 0644

    internal static async Task PutAsync(Slot slot, RunFile file, CancellationToken cancellationToken)
    {
        using var content = Memfd.Create("sandcastle-upload", file.Content.Span);
        try
        {
            await slot.AskAsync(MessageKind.Put, header => Message(header, file.Path), content, cancellationToken);
        }
        catch (JailException e) when (e.Step == JailStep.Put)
        {
            throw new RefusalException(new Refusal
            {
                Kind = RefusalKind.Invalid,
                Detail = $"file {file.Path} cannot be placed: {e.Message}",
                Errors = [new FieldError("files", $"{file.Path}: {e.Message}; all files together must fit limits.diskMiB")],
            });
        }
    }

    private static PathMessage Message(MessageHeader header, string path)
    {
        var message = new PathMessage { Header = header, Mode = Mode };
        Packet.WriteText(message.Path, path);
        return message;
    }
}
