using System.Security.Cryptography;
using System.Text;
using Sandcastle.Operator.Pods;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Lots;
using Sandcastle.Operator.Resources.Pools;
using Sandcastle.Operator.Resources.Templates;

namespace Sandcastle.Operator.Planning;

/// <summary>What a pool's workers are made of now, and a hash of it: lots with another one are replaced.</summary>
internal sealed record WorkerMake
{
    internal required WorkerSpec Worker { get; init; }

    internal required string Hash { get; init; }

    /// <summary>By file name.</summary>
    internal required IReadOnlyDictionary<string, string> TemplateFiles { get; init; }

    /// <summary>Null, with the first template that is missing, while one is.</summary>
    internal static WorkerMake? Of(SandboxPool pool, IReadOnlyList<SandboxTemplate> templates, out string? missing)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        missing = null;
        foreach (var name in pool.Spec.Templates)
        {
            if (templates.FirstOrDefault(template => template.Metadata.Name == name) is not { } template)
            {
                missing = name;
                return null;
            }

            files[name + ".yaml"] = File(template);
        }

        var worker = new WorkerSpec
        {
            Image = pool.Spec.Image,
            Resources = pool.Spec.Resources,
            SlotsPerWorker = pool.Spec.SlotsPerWorker,
            Templates = $"{pool.Metadata.Name}-templates-{Sum(string.Concat(files.Select(file => file.Key + "\0" + file.Value + "\0")))}",
            RuntimeClassName = pool.Spec.RuntimeClassName,
            TerminationGraceSeconds = (int)Math.Min(86_400, Math.Ceiling(pool.Spec.Scaling.DrainGrace.Time.TotalSeconds) + WorkerPod.EndSeconds),
            Overrides = pool.Spec.PodOverrides,
        };
        return new WorkerMake
        {
            Worker = worker,
            Hash = Sum(string.Join('\0', Json.Node(worker).ToJsonString(), pool.Spec.QueueName, pool.Spec.Topology is { } topology ? Json.Node(topology).ToJsonString() : "")),
            TemplateFiles = files,
        };
    }

    private static string File(SandboxTemplate template)
    {
        var fields = Json.Node(template.Spec).AsObject();
        fields.Insert(0, "name", template.Metadata.Name);
        return YamlText.Render(fields);
    }

    private static string Sum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..10];
}
