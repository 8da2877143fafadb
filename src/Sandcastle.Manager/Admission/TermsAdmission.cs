using System.Globalization;
using Sandcastle.Protocol.Refusals;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Manager.Admission;

/// <summary>Checks a tenant's terms as somebody wants to set them.</summary>
internal static class TermsAdmission
{
    private const int MostWeight = 1000;
    private const int MostRuns = 1_000_000;
    private const double MostCpus = 1_000_000;
    private const double LeastCpus = 0.001;
    private const long MostMemoryMiB = 1L << 40;
    private const double LeastRate = 0.001;
    private const double MostRate = 1_000_000;
    private const double MostAmount = 1e12;
    private const int MostTemplates = 100;
    private const int MostOfTemplate = 63;

    /// <exception cref="RefusalException">invalid, with every fault.</exception>
    public static void Check(TenantRequest terms)
    {
        var errors = new FieldErrors();
        Within(errors, "weight", terms.Weight, 1, MostWeight);
        Within(errors, "limits.concurrentRuns", terms.Limits?.ConcurrentRuns, 0, MostRuns);
        Within(errors, "limits.cpus", terms.Limits?.Cpus, LeastCpus, MostCpus);
        Within(errors, "limits.memoryMiB", terms.Limits?.MemoryMiB, 1, MostMemoryMiB);
        Within(errors, "limits.runsPerSecond", terms.Limits?.RunsPerSecond, LeastRate, MostRate);
        Within(errors, "budget.hour", terms.Budget?.Hour);
        Within(errors, "budget.day", terms.Budget?.Day);
        Within(errors, "budget.month", terms.Budget?.Month);
        CheckTemplates(errors, terms.Templates);
        if (errors.Any)
        {
            throw errors.ToRefusal();
        }
    }

    private static void Within(FieldErrors errors, string field, BudgetAmountRequest? amount)
    {
        Within(errors, field + ".cpuSeconds", amount?.CpuSeconds, 0, MostAmount);
        Within(errors, field + ".gibSeconds", amount?.GibSeconds, 0, MostAmount);
    }

    private static void Within(FieldErrors errors, string field, double? value, double least, double most)
    {
        if (value is { } known && !(known >= least && known <= most))
        {
            errors.Add(field, string.Create(CultureInfo.InvariantCulture, $"must be between {least} and {most}, not {known}"));
        }
    }

    private static void CheckTemplates(FieldErrors errors, IReadOnlyList<string>? templates)
    {
        if (templates?.Count > MostTemplates)
        {
            errors.Add("templates", $"has {templates.Count} entries; the maximum is {MostTemplates}");
            return;
        }

        for (var i = 0; i < templates?.Count; i++)
        {
            if (templates[i] is not { Length: > 0 and <= MostOfTemplate })
            {
                errors.Add($"templates[{i}]", $"must be a template's name of 1 to {MostOfTemplate} characters");
            }
        }
    }
}
