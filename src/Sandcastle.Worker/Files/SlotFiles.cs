using System.Text;
using Sandcastle.Linux.Descriptors;
using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Files;
using Sandcastle.Worker.Jails;
using Sandcastle.Worker.Jails.Wire;
using Sandcastle.Worker.Slots;

namespace Sandcastle.Worker.Files;

/// <summary>
/// Files and directories of a slot, opened by its init: from inside, without magic links, so that whatever a program renames or links
/// meanwhile, nothing outside of the slot can be reached. An init in a kernel of its own copies them out instead.
/// </summary>
internal static class SlotFiles
{
    /// <summary>NAME_MAX, a type and a NUL.</summary>
    private const int BytesOfEntry = 257;

    /// <summary>A regular file, for reading; the caller's to dispose.</summary>
    /// <param name="slot">Whose.</param>
    /// <param name="path">Relative to the working directory.</param>
    /// <param name="most">Bytes that will be read. A file may grow meanwhile; one more is there to be seen then.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="JailException">
    /// With step open: it is not there, closed to the slot's user, no regular file, or longer (EFBIG): holes cost who makes them nothing, and
    /// who reads them time.
    /// </exception>
    internal static async Task<Fd> OpenAsync(Slot slot, string path, int most, CancellationToken cancellationToken)
    {
        if (!slot.Source.Traits.LendsDescriptors)
        {
            return await CopyAsync(slot, path, isDirectory: false, most, cancellationToken);
        }

        var file = await LendAsync(slot, path, isDirectory: false, cancellationToken);
        var status = FileStatus.Of(file);
        if (status.Kind == FileKind.RegularFile && status.SizeBytes <= most)
        {
            return file;
        }

        file.Dispose();
        throw new JailException(JailStep.Open, status.Kind == FileKind.RegularFile ? Errno.EFBIG : Errno.EMEDIUMTYPE);
    }

    /// <summary>The first names of a directory, without . and ..</summary>
    /// <exception cref="JailException">With step open: it is not there, or closed to the slot's user.</exception>
    internal static async Task<List<(string Name, FileKind Kind)>> ListAsync(Slot slot, string path, int most, CancellationToken cancellationToken)
    {
        if (slot.Source.Traits.LendsDescriptors)
        {
            using var directory = new DirectoryHandle(await LendAsync(slot, path, isDirectory: true, cancellationToken));
            return [.. directory.Entries().Take(most).Select(e => (e.Name, e.Kind))];
        }

        using var copy = await CopyAsync(slot, path, isDirectory: true, most * BytesOfEntry, cancellationToken);
        return Parse(copy.ReadToEnd(most * BytesOfEntry, out _), most);
    }

    private static async Task<Fd> LendAsync(Slot slot, string path, bool isDirectory, CancellationToken cancellationToken) =>
        await slot.AskAsync(MessageKind.Open, header => Message(header, path, isDirectory), null, cancellationToken)
        ?? throw new JailException("the slot's init answered without a file");

    /// <summary>What the init writes is charged to the slot, and no more than it has.</summary>
    private static async Task<Fd> CopyAsync(Slot slot, string path, bool isDirectory, int most, CancellationToken cancellationToken)
    {
        var copy = Memfd.CreateEmpty("sandcastle-copy");
        try
        {
            await slot.AskAsync(MessageKind.Copy, header => Message(header, path, isDirectory, most), copy, cancellationToken);
            copy.Rewind();
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>Each entry: a type as in struct dirent, the name, NUL. A name that is not UTF-8 is left out: no pattern could name it.</summary>
    private static List<(string Name, FileKind Kind)> Parse(ReadOnlySpan<byte> text, int most)
    {
        var entries = new List<(string, FileKind)>();
        while (entries.Count < most && text.Length > 1 && text[1..].IndexOf((byte)0) is var length and >= 0)
        {
            var name = text.Slice(1, length);
            if (Encoding.UTF8.GetString(name) is var decoded and not ("" or "." or "..") && !decoded.AsSpan().ContainsAny('\uFFFD', '/'))
            {
                entries.Add((decoded, (FileKind)text[0]));
            }

            text = text[(length + 2)..];
        }

        return entries;
    }

    private static PathMessage Message(MessageHeader header, string path, bool isDirectory, int most = 0)
    {
        var message = new PathMessage { Header = header, Flags = isDirectory ? 1u : 0u, Mode = (uint)most };
        Packet.WriteText(message.Path, path);
        return message;
    }
}
