using System.Text;

namespace Sandcastle.Linux.Files;

/// <summary>A name in a directory. The kernel's names are bytes: one that is not UTF-8 can be opened by <see cref="NameBytes"/> only.</summary>
public sealed class DirectoryEntry
{
    internal DirectoryEntry(ReadOnlySpan<byte> name, FileKind kind)
    {
        NameBytes = name.ToArray();
        Kind = kind;
    }

    public ReadOnlyMemory<byte> NameBytes { get; }

    /// <summary>With U+FFFD for what is not UTF-8.</summary>
    public string Name => Encoding.UTF8.GetString(NameBytes.Span);

    /// <summary><see cref="FileKind.Unknown"/> where the file system does not say it here.</summary>
    public FileKind Kind { get; }
}
