using Sandcastle.Linux.Errors;
using Sandcastle.Linux.Processes;
using Sandcastle.Worker.Cgroups;
using Sandcastle.Worker.Diagnosis;
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

    /// <exception cref="WorkerStartException">Programs could not be put behind a filter.</exception>
    internal static void CheckSeccomp()
    {
        if (OwnProcess.AskForSeccomp() is not Errno.None and var errno)
        {
            throw new WorkerStartException(MissingFeature.SeccompSentence(errno));
        }
    }

    /// <exception cref="WorkerStartException">A limit cannot be enforced, and nobody said that it need not be.</exception>
    internal static void CheckEnforcement(WorkerOptions options, CgroupReport report)
    {
        if (UnenforcedSentence(options, report) is { } sentence)
        {
            throw new WorkerStartException(sentence);
        }
    }

    /// <summary>What a start says, and the doctor; null where every limit is enforced or allowed not to be.</summary>
    internal static string? UnenforcedSentence(WorkerOptions options, CgroupReport report)
    {
        var refused = report.Unenforced.Where(u => !options.AllowUnenforced.Contains(u.Limit, StringComparer.Ordinal)).ToList();
        if (refused.Count == 0)
        {
            return null;
        }

        var names = string.Join(',', refused.Select(u => u.Limit));
        var reasons = refused.GroupBy(u => u.Reason).Select(same => $"{string.Join(", ", same.Select(u => u.Limit))}: {same.Key}");
        return $"no limit of {names} can be enforced with the cgroups here ({string.Join("; ", reasons)}); "
            + $"give the worker cgroups that it may write, or start it with --allow-unenforced={names}, which every receipt will say";
    }
}
