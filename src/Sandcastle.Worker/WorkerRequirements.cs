using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Jails;

namespace Sandcastle.Worker;

/// <summary>Without these a worker does not start.</summary>
internal static class WorkerRequirements
{
    /// <exception cref="WorkerStartException">nsjail is required and not there.</exception>
    internal static void CheckKeep(WorkerOptions options)
    {
        if (options.RequireKeep == "nsjail" && options.Nsjail is null)
        {
            throw new WorkerStartException("nsjail is required as the keep and was found neither in SANDCASTLE_NSJAIL nor in PATH");
        }
    }

    /// <exception cref="WorkerStartException">There are no ids for slots to run under.</exception>
    internal static IdRange ChooseIds(WorkerOptions options)
    {
        try
        {
            return IdRange.Choose(options.IdBase);
        }
        catch (JailException e)
        {
            throw new WorkerStartException(e.Message);
        }
    }

    /// <exception cref="WorkerStartException">A limit cannot be enforced, and nobody said that it need not be.</exception>
    internal static void CheckEnforcement(WorkerOptions options, CgroupReport report)
    {
        var refused = report.Unenforced.Where(u => !options.AllowUnenforced.Contains(u.Limit, StringComparer.Ordinal)).ToList();
        if (refused.Count > 0)
        {
            var reasons = refused.Select(u => $"limit {u.Limit} cannot be enforced: {u.Reason}");
            var names = string.Join(',', refused.Select(u => u.Limit));
            throw new WorkerStartException(
                $"{string.Join('\n', reasons)}\n--allow-unenforced={names} starts without, and every receipt will say so");
        }
    }
}
