using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>Chooses for each pod set and resource group the first flavor that fits, else the first into which preempting could make it fit.</summary>
/// <param name="quota">Of the ClusterQueue.</param>
/// <param name="flavors">Every ResourceFlavor by name.</param>
/// <param name="replaced">The admitted Workload whose place this one takes, so that only the difference is charged; null for none.</param>
internal sealed class FlavorAssigner(ClusterQueueQuota quota, IReadOnlyDictionary<string, JsonObject> flavors, JsonObject? replaced)
{
    private readonly Dictionary<FlavorResource, Quantity> _given = replaced is null ? [] : QuotaUsage.Of(replaced);

    public FlavorChoice Assign(JsonObject workload, IReadOnlyList<PodSetRequest> podSets)
    {
        var choice = new FlavorChoice { PodSets = podSets };
        var messages = new List<string>();
        foreach (var podSet in podSets)
        {
            var reasons = new List<string>();
            AssignPodSet(workload, podSet, choice, reasons);
            if (reasons.Count > 0)
            {
                reasons.Sort(StringComparer.Ordinal);
                messages.Add($"couldn't assign flavors to pod set {podSet.Name}: {string.Join(", ", reasons)}");
            }
        }

        choice.Message = string.Join("; ", messages);
        return choice;
    }

    private void AssignPodSet(JsonObject workload, PodSetRequest podSet, FlavorChoice choice, List<string> reasons)
    {
        var chosen = new Dictionary<string, string>();
        choice.Flavors[podSet.Name] = chosen;
        var wanted = Wanted(podSet);
        foreach (var resource in wanted.Keys)
        {
            if (chosen.ContainsKey(resource))
            {
                continue;
            }

            var group = quota.Groups.FirstOrDefault(one => one.Resources.Contains(resource));
            if (group is null)
            {
                reasons.Add($"resource {resource} unavailable in ClusterQueue");
                Worsen(choice, "NoMatchingFlavor");
                return;
            }

            if (!AssignGroup(workload, podSet, group, wanted, choice, reasons))
            {
                return;
            }
        }
    }

    private bool AssignGroup(
        JsonObject workload, PodSetRequest podSet, ClusterQueueQuota.ResourceGroup group, Dictionary<string, Quantity> wanted, FlavorChoice choice, List<string> reasons)
    {
        var resources = wanted.Keys.Where(group.Resources.Contains).ToList();
        (string Flavor, bool Fits)? best = null;
        var tried = new List<string>();
        var worst = "";
        foreach (var flavor in group.Flavors)
        {
            if (Mismatch(workload, podSet, flavor) is { } why)
            {
                tried.Add(why);
                worst = worst.Length == 0 ? "NoMatchingFlavor" : worst;
                continue;
            }

            var (fits, could, reason) = Check(flavor, resources, wanted, choice, tried);
            worst = reason.Length > 0 && worst != "ExceedsMaxQuota" ? reason : worst;
            if (fits)
            {
                best = (flavor, true);
                tried.Clear();
                break;
            }

            if (could)
            {
                best ??= (flavor, false);
            }
        }

        reasons.AddRange(tried);
        if (best is not { } found)
        {
            Worsen(choice, worst);
            return false;
        }

        choice.Fits &= found.Fits;
        choice.Reason = found.Fits ? choice.Reason : "WaitingForQuota";
        foreach (var resource in resources)
        {
            choice.Flavors[podSet.Name][resource] = found.Flavor;
            var key = new FlavorResource(found.Flavor, resource);
            choice.Usage[key] = choice.Usage.GetValueOrDefault(key) + wanted[resource];
        }

        return true;
    }

    private (bool Fits, bool Could, string Reason) Check(
        string flavor, List<string> resources, Dictionary<string, Quantity> wanted, FlavorChoice choice, List<string> tried)
    {
        var (fits, could, worst) = (true, true, "");
        foreach (var resource in resources)
        {
            var key = new FlavorResource(flavor, resource);
            var (before, more) = (choice.Usage.GetValueOrDefault(key), wanted[resource] - _given.GetValueOrDefault(key));
            if (before + more > quota.Nominal(key))
            {
                tried.Add(
                    $"insufficient quota for {resource} in flavor {flavor}, previously considered podsets requests ({before.Format(resource)}) "
                    + $"+ current podset request ({more.Format(resource)}) > maximum capacity ({quota.Nominal(key).Format(resource)})");
                return (false, false, "ExceedsMaxQuota");
            }

            if (more > Quantity.Zero && before + more > quota.Available(key))
            {
                tried.Add($"insufficient unused quota for {resource} in flavor {flavor}, {(before + more - quota.Available(key)).Format(resource)} more needed");
                (fits, worst) = (false, "WaitingForQuota");
            }
        }

        return (fits, could, worst);
    }

    private string? Mismatch(JsonObject workload, PodSetRequest podSet, string name)
    {
        if (!flavors.TryGetValue(name, out var flavor))
        {
            return $"flavor {name} not found";
        }

        var earlier = replaced.Items("status.admission.podSetAssignments").FirstOrDefault(one => one.Text("name") == podSet.Name)?["flavors"] as JsonObject;
        if (earlier?.FirstOrDefault().Value?.ToString() is { } original && original != name)
        {
            return $"could not assign {name} flavor since the original workload is assigned: {original}";
        }

        var spec = workload.PodSets().First(one => one.Text("name") == podSet.Name).At("template.spec");
        var tolerations = spec.Items("tolerations").Concat(flavor.Items("spec.tolerations")).ToList();
        if (flavor.Items("spec.nodeTaints").FirstOrDefault(taint => taint.Text("effect") != "PreferNoSchedule" && !tolerations.Exists(one => Tolerates(one, taint))) is { } taint)
        {
            return $"untolerated taint {{{taint.Text("key")} {taint.Text("value")} {taint.Text("effect")} <nil>}} in flavor {name}";
        }

        var labels = flavor.At("spec.nodeLabels") as JsonObject ?? [];
        var selects = spec.At("nodeSelector") as JsonObject ?? [];
        return selects.Any(one => labels.ContainsKey(one.Key) && labels[one.Key]!.ToString() != one.Value!.ToString()) ? $"flavor {name} doesn't match node affinity" : null;
    }

    private static bool Tolerates(JsonObject toleration, JsonObject taint) =>
        (toleration.Text("effect").Length == 0 || toleration.Text("effect") == taint.Text("effect"))
        && (toleration.Text("key").Length == 0 || toleration.Text("key") == taint.Text("key"))
        && (toleration.Text("operator") == "Exists" || toleration.Text("value") == taint.Text("value"));

    // A queue that covers "pods" counts them, too.
    private Dictionary<string, Quantity> Wanted(PodSetRequest podSet)
    {
        var wanted = podSet.PerPod.Keys.ToDictionary(resource => resource, podSet.Total);
        if (quota.Groups.Any(group => group.Resources.Contains("pods")))
        {
            wanted["pods"] = new Quantity(podSet.Count);
        }

        return wanted;
    }

    private static void Worsen(FlavorChoice choice, string reason) => (choice.Fits, choice.CouldFit, choice.Reason) = (false, false, reason);
}
