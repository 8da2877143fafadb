using System.Text.Json.Nodes;
using Sandcastle.Testing.ApiServer.Errors;
using Sandcastle.Testing.ApiServer.Objects;

namespace Sandcastle.Testing.ApiServer.Kueue;

/// <summary>reclaimablePods: of pod sets that exist, at most their count, and while quota is reserved only more and never fewer.</summary>
/// <remarks>
/// An elastic Workload is forgiven what a lowered count leaves behind: a figure above the new count may stay as it was, and one of a
/// pod set that was scaled down below its admitted count may fall or go.
/// </remarks>
internal static class ReclaimableRules
{
    private const string Path = "status.reclaimablePods";

    public static void Validate(JsonObject workload, JsonObject? old, List<FieldError> errors)
    {
        var counts = workload.PodSets().ToDictionary(one => one.Text("name"), one => one.Number("count") ?? 0);
        foreach (var reclaimable in workload.Items(Path))
        {
            var (name, count) = (reclaimable.Text("name"), reclaimable.Number("count") ?? 0);
            if (!counts.TryGetValue(name, out var most))
            {
                errors.Add(FieldError.NotSupported($"{Path}[{name}].name", name, counts.Keys));
            }
            else if (count > most && !(workload.IsElastic() && old is not null && Find(old, name) == count))
            {
                errors.Add(FieldError.Invalid($"{Path}[{name}].count", count, $"should be less or equal to {most}"));
            }
        }
    }

    /// <summary>Called when quota is reserved before and after.</summary>
    public static void ValidateUpdate(JsonObject workload, JsonObject old, List<FieldError> errors)
    {
        var shrunk = ScaledDown(workload);
        foreach (var before in old.Items(Path))
        {
            var (name, least) = (before.Text("name"), before.Number("count") ?? 0);
            if (shrunk.Contains(name))
            {
                continue;
            }

            switch (Find(workload, name))
            {
                case null:
                    errors.Add(FieldError.Required($"{Path}[{name}]", "cannot be removed"));
                    break;
                case { } count when count < least:
                    errors.Add(FieldError.Invalid($"{Path}[{name}].count", count, $"cannot be less than {least}"));
                    break;
                default:
                    break;
            }
        }
    }

    private static HashSet<string> ScaledDown(JsonObject workload)
    {
        if (!workload.IsElastic())
        {
            return [];
        }

        var counts = workload.PodSets().ToDictionary(one => one.Text("name"), one => one.Number("count") ?? 0);
        return
        [
            .. workload.Items("status.admission.podSetAssignments")
                .Where(one => one.Number("count") is { } admitted && admitted > counts.GetValueOrDefault(one.Text("name")))
                .Select(one => one.Text("name")),
        ];
    }

    private static long? Find(JsonObject workload, string name) => workload.Items(Path).FirstOrDefault(one => one.Text("name") == name).Number("count");
}
