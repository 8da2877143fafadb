namespace Sandcastle.Linux.Files;

/// <summary>What a name stands for: S_IFMT of the mode, and the d_type of a directory's entry, which are the same four bits.</summary>
public enum FileKind
{
    /// <summary>The file system did not say.</summary>
    Unknown = 0,
    Fifo = 1,
    CharacterDevice = 2,
    Directory = 4,
    BlockDevice = 6,
    RegularFile = 8,
    SymbolicLink = 10,
    Socket = 12,
}
