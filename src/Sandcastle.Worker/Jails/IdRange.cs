using System.Globalization;
using Sandcastle.Linux.Processes;

namespace Sandcastle.Worker.Jails;

/// <summary>The host ids that keeps and slots run under; see decision 0005.</summary>
/// <param name="HostBase">First of the range, for uids and gids alike.</param>
/// <param name="Count">How many.</param>
/// <param name="OwnId">An ordinary user: id 0 inside is its own, the range begins at 1.</param>
internal sealed record IdRange(uint HostBase, uint Count, bool OwnId)
{
    /// <summary>First id above those that systemd hands to containers (its UIDS-GIDS document).</summary>
    internal const uint DefaultBase = 1879048192;

    private const uint DefaultCount = 65536;

    /// <summary>Root takes a range that no account uses; an ordinary user the one that it was granted.</summary>
    /// <param name="chosenBase">The operator's own choice for root.</param>
    /// <exception cref="JailException">No range was granted.</exception>
    internal static IdRange Choose(uint? chosenBase)
    {
        if (OwnProcess.EffectiveUid == 0)
        {
            return new IdRange(chosenBase ?? DefaultBase, DefaultCount, OwnId: false);
        }

        var user = Environment.UserName;
        var uids = Granted("/etc/subuid", user);
        var gids = Granted("/etc/subgid", user);
        return uids == gids && uids is var (first, count)
            ? new IdRange(first, Math.Min(count, DefaultCount), OwnId: true)
            : throw new JailException(
                $"/etc/subuid and /etc/subgid must grant {user} one same range of 65536 ids; add '{user}:100000:65536' to both");
    }

    private static (uint First, uint Count)? Granted(string file, string user)
    {
        var id = OwnProcess.EffectiveUid.ToString(CultureInfo.InvariantCulture);
        var lines = File.Exists(file) ? File.ReadAllLines(file) : [];
        return lines.Select(line => line.Split(':'))
            .Where(fields => fields.Length == 3 && (fields[0] == user || fields[0] == id))
            .Select(fields => ((uint, uint)?)(uint.Parse(fields[1], CultureInfo.InvariantCulture), uint.Parse(fields[2], CultureInfo.InvariantCulture)))
            .FirstOrDefault();
    }
}
