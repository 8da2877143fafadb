using System.Runtime.InteropServices;

namespace Sandcastle.Linux.Files;

/// <summary>Renders <see cref="OpenFlags"/> in the machine's own numbers.</summary>
internal static class OpenFlagsAbi
{
    private const int Arm64Directory = 0x4000;
    private const int Arm64NoFollow = 0x8000;

    internal static int ToNative(OpenFlags flags)
    {
        flags |= OpenFlags.CloseOnExec;
        if (RuntimeInformation.ProcessArchitecture != Architecture.Arm64)
        {
            return (int)flags;
        }

        var native = (int)(flags & ~(OpenFlags.Directory | OpenFlags.NoFollow));
        native |= flags.HasFlag(OpenFlags.Directory) ? Arm64Directory : 0;
        native |= flags.HasFlag(OpenFlags.NoFollow) ? Arm64NoFollow : 0;
        return native;
    }
}
