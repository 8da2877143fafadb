using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sandcastle.Linux.Processes;

namespace Sandcastle.Worker.Staging;

/// <summary>Where the stage of a data directory is: the same at every start, so that a successor finds it.</summary>
internal static class StageLocation
{
    internal static string Of(string dataDirectory)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(dataDirectory)));
        var name = Convert.ToHexStringLower(hash.AsSpan(0, 6));
        return OwnProcess.EffectiveUid == 0
            ? $"/run/sandcastle/{name}"
            : string.Create(CultureInfo.InvariantCulture, $"/tmp/sandcastle-stage-{OwnProcess.EffectiveUid}/{name}");
    }
}
