namespace Sandcastle.Linux.Processes;

/// <summary>Resources of getrlimit(2) that this program reads or sets.</summary>
public enum Resource
{
    Cpu = 0,
    FileSize = 1,
    Data = 2,
    Stack = 3,
    Core = 4,
    Processes = 6,
    OpenFiles = 7,
    LockedMemory = 8,
    AddressSpace = 9,
}
