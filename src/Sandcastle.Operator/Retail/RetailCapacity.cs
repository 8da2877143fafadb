using Sandcastle.Operator.Kueue;
using Sandcastle.Operator.Pods;
using Sandcastle.Operator.Resources.Lots;

namespace Sandcastle.Operator.Retail;

/// <summary>What was bought and may be sold: the workers of all admitted lots, less what was handed back.</summary>
/// <param name="CpuMillis">1,000 is one core.</param>
/// <param name="MemoryMib">Whole MiB.</param>
internal sealed record RetailCapacity(long CpuMillis, long MemoryMib)
{
    internal static RetailCapacity Of(IEnumerable<WorkerLot> lots, IEnumerable<Workload> workloads)
    {
        var admitted = workloads.Where(workload => workload is { IsAdmitted: true, IsEvicted: false })
            .ToLookup(workload => (workload.Metadata.Namespace, workload.Metadata.Labels.GetValueOrDefault(Labels.Lot)));
        var (cpu, memory) = (0m, 0m);
        foreach (var lot in lots)
        {
            foreach (var workload in admitted[(lot.Metadata.Namespace, lot.Metadata.Name)].Where(workload => workload.IsOwnedBy(lot)))
            {
                var workers = Math.Max(0, Math.Min(workload.Granted, workload.Count - workload.Reclaimed));
                cpu += workers * lot.Spec.Worker.Resources.Cpu.Value() * 1000;
                memory += workers * lot.Spec.Worker.Resources.Memory.Value() / (1 << 20);
            }
        }

        return new RetailCapacity((long)cpu, (long)memory);
    }

    internal RetailCapacity Times(double factor) => new((long)(CpuMillis * factor), (long)(MemoryMib * factor));
}
