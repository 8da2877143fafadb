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

    // In a namespace the image's own accounts are among the few ids there are; they end below this one.
    private const uint FirstInNamespace = 1024;

    /// <summary>
    /// Root takes a range that no account uses, or, in a user namespace that does not have it (a Pod's), what that one has; an ordinary user
    /// the one that it was granted.
    /// </summary>
    /// <param name="chosenBase">The operator's own choice for root.</param>
    /// <exception cref="JailException">No range was granted.</exception>
    internal static IdRange Choose(uint? chosenBase)
    {
        if (OwnProcess.EffectiveUid == 0)
        {
            // Where no user namespace can be made, ids are not what is missing: the trial slot says what is.
            return chosenBase is not null || File.ReadAllText("/proc/sys/user/max_user_namespaces").Trim() == "0"
                ? new IdRange(chosenBase ?? DefaultBase, DefaultCount, OwnId: false)
                : OfRoot(File.ReadAllText("/proc/self/uid_map"), File.ReadAllText("/proc/self/gid_map"));
        }

        var user = Environment.UserName;
        var uids = Granted("/etc/subuid", user);
        var gids = Granted("/etc/subgid", user);
        return uids == gids && uids is var (first, count)
            ? new IdRange(first, Math.Min(count, DefaultCount), OwnId: true)
            : throw new JailException(
                $"/etc/subuid and /etc/subgid must grant {user} one same range of 65536 ids; add '{user}:100000:65536' to both");
    }

    /// <param name="uidMap">This process's, as in /proc (user_namespaces(7)): first id in here, first outside, how many.</param>
    /// <param name="gidMap">The same of groups.</param>
    /// <exception cref="JailException">No id above root's is mapped for both.</exception>
    internal static IdRange OfRoot(string uidMap, string gidMap)
    {
        var shared = Mapped(uidMap).SelectMany(uids => Mapped(gidMap).Select(gids => Both(uids, gids))).ToList();
        if (shared.Exists(ids => ids.First <= DefaultBase && ids.End >= DefaultBase + (long)DefaultCount))
        {
            return new IdRange(DefaultBase, DefaultCount, OwnId: false);
        }

        var (first, end) = shared.Select(ids => (First: Math.Max(ids.First, FirstInNamespace), ids.End)).DefaultIfEmpty().MaxBy(ids => ids.End - ids.First);
        return end - first > 1
            ? new IdRange((uint)first, (uint)Math.Min(end - first, DefaultCount), OwnId: false)
            : throw new JailException(
                $"the user namespace that this runs in maps no ids above {FirstInNamespace - 1} for users and groups alike; give it a range of 65536");
    }

    private static (long First, long End) Both((long First, long End) uids, (long First, long End) gids) =>
        (Math.Max(uids.First, gids.First), Math.Min(uids.End, gids.End));

    private static IEnumerable<(long First, long End)> Mapped(string map) =>
        from line in map.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        let first = long.Parse(fields[0], CultureInfo.InvariantCulture)
        select (first, first + long.Parse(fields[2], CultureInfo.InvariantCulture));

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
