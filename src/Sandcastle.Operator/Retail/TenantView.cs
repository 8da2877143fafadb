using Microsoft.Extensions.Logging;
using Sandcastle.Operator.Cluster;
using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Pods;
using Sandcastle.Operator.Resources;
using Sandcastle.Operator.Resources.Tenants;
using Sandcastle.Operator.Telemetry;
using Sandcastle.Operator.Watch;

namespace Sandcastle.Operator.Retail;

/// <summary>
/// Everything that leases are planned on. Apart from what pools are planned on, so that a cluster without the definition of Tenants has its
/// pools none the less. A tenant's key is its namespace and no name; an admission check's is its name and no namespace.
/// </summary>
internal sealed class TenantView : WatchedView
{
    internal const string ControllerName = "sandcastle.dev/ledger";

    private readonly Action<ObjectKey> _touch;

    internal TenantView(ApiClient api, TimeProvider time, OperatorMetrics metrics, ILoggerFactory loggers, Action<ObjectKey> touch)
        : base(api, null, time, metrics, loggers, touch)
    {
        _touch = touch;
        Tenants = Add<Tenant>(ResourceKind.Tenants, null, KeyOf);
        Leases = Add<Workload>(ResourceKind.Workloads, Labels.Tenant, KeyOf);
        Checks = Add<AdmissionCheck>(ResourceKind.AdmissionChecks, null, _ => null, TouchCheck);
    }

    internal ObjectStore<Tenant> Tenants { get; }

    internal ObjectStore<Workload> Leases { get; }

    internal ObjectStore<AdmissionCheck> Checks { get; }

    internal IEnumerable<AdmissionCheck> LedgerChecks => Checks.All.Where(IsOurs);

    internal void TouchAll()
    {
        foreach (var tenant in Tenants.All)
        {
            _touch(Key(tenant.Metadata.Namespace));
        }
    }

    internal static ObjectKey Key(string tenant) => new(tenant, "");

    internal static bool IsOurs(AdmissionCheck check) => check.Spec.ControllerName == ControllerName;

    private static ObjectKey? KeyOf(KubeObject item) => Key(item.Metadata.Namespace);

    private void TouchCheck(AdmissionCheck check)
    {
        if (IsOurs(check))
        {
            _touch(new ObjectKey("", check.Metadata.Name));
            TouchAll();
        }
    }
}
