using System.Runtime.InteropServices;

namespace Sandcastle.Linux;

internal static partial class Libc
{
    internal const int MntDetach = 2;
    internal const int UmountNoFollow = 8;

    [LibraryImport(Library, EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int UMount2(string target, int flags);
}
