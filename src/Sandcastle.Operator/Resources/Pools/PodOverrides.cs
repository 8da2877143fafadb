using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources.Pools;

/// <summary>What a pool adds to the worker's Pod.</summary>
public sealed record PodOverrides
{
    [Description("Labels of every node that may run a worker.")]
    [MaxLength(32)]
    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    [Description("Taints that workers bear.")]
    [MaxLength(32)]
    [List("atomic")]
    public IReadOnlyList<Toleration>? Tolerations { get; init; }

    [Description("Labels of the Pods; those of sandcastle.dev, kueue.x-k8s.io and app.kubernetes.io/name are taken.")]
    [MaxLength(32)]
    [Rule("self.all(key, key != 'app.kubernetes.io/name' && key != 'controller-uid' && !key.startsWith('sandcastle.dev/') && !key.startsWith('kueue.x-k8s.io/'))", "holds a label that is taken")]
    [Items(MaxLength = 63)]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [Description("Annotations of the Pods; those of sandcastle.dev and kueue.x-k8s.io are taken.")]
    [MaxLength(32)]
    [Rule("self.all(key, !key.startsWith('sandcastle.dev/') && !key.startsWith('kueue.x-k8s.io/'))", "holds an annotation that is taken")]
    [Items(MaxLength = 4096)]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    [Description("Environment of the worker.")]
    [MaxLength(64)]
    [Items(MaxLength = 4096)]
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    [Description("Arguments of the worker behind its role.")]
    [MaxLength(64)]
    [List("atomic")]
    [Items(MaxLength = 4096)]
    public IReadOnlyList<string>? Args { get; init; }

    [Description("When the image is pulled.")]
    [OneOf("Always", "IfNotPresent", "Never")]
    public string? ImagePullPolicy { get; init; }

    [Description("Secrets that the image is pulled with.")]
    [MaxLength(8)]
    [List("set")]
    [Items(MinLength = 1, MaxLength = 253)]
    public IReadOnlyList<string>? ImagePullSecrets { get; init; }

    [Description("An AppArmor profile of the node that allows mount.")]
    [MinLength(1)]
    [MaxLength(253)]
    public string? AppArmorLocalhostProfile { get; init; }

    [Description("A privileged Pod, for nodes that cannot run the other: jails are then held by the host's kernel alone.")]
    public bool? Privileged { get; init; }
}
