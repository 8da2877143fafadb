using Google.Protobuf;
using Sandcastle.Protocol.Runs;

namespace Sandcastle.Link.Mapping;

/// <summary><see cref="RunFile"/> on the wire. Contents are not copied: whoever hands one over leaves its bytes alone from then on.</summary>
internal static class FileMapping
{
    internal static V1.File ToWire(this RunFile file) => new() { Path = file.Path, Content = UnsafeByteOperations.UnsafeWrap(file.Content) };

    internal static RunFile FromWire(this V1.File file) => new(file.Path, file.Content.Memory);
}
