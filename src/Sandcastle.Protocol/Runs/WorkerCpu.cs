namespace Sandcastle.Protocol.Runs;

/// <summary>A worker's CPU time since its start, from one reading.</summary>
/// <param name="Total">Of its cgroup: everything that ran in it.</param>
/// <param name="Billed">The sum of its receipts.</param>
/// <param name="Open">Of slots at work, in no other figure yet.</param>
public sealed record WorkerCpu(TimeSpan Total, TimeSpan Billed, TimeSpan Open);
