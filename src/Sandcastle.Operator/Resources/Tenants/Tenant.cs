using System.ComponentModel;
using Sandcastle.Operator.Resources.Schema;

namespace Sandcastle.Operator.Resources.Tenants;

/// <summary>Who is charged, as a cluster declares it: the tenant is the namespace, and of several in one namespace the oldest counts.</summary>
[Defined("tenants", "sct")]
[Description("What the programs of one namespace may use, at once and over time; its lease of retail capacity is bought from a Kueue queue and follows what is used.")]
[Column("Queue", ".spec.queueName")]
[Column("Credits", ".status.lease.credits", "integer")]
[Column("Wanted", ".status.wanted", "integer")]
[Column("CPU", ".status.used.cpuMillis", "integer")]
[Column("MiB", ".status.used.committedMemoryMib", "integer")]
[Column("Status", ".status.conditions[?(@.type=='Leased')].reason")]
[Column("Age", ".metadata.creationTimestamp", "date")]
[Column("Message", ".status.conditions[?(@.type=='Leased')].message", Priority = 1)]
[Rule("self.metadata.name.size() <= 63", "the name must be at most 63 characters, since leases are named after it")]
public sealed record Tenant : KubeObject
{
    [Description("What it may have.")]
    [DefaultValue("{}")]
    public TenantSpec Spec { get; init; } = new();

    [Description("What it has.")]
    public TenantStatus? Status { get; init; }
}
