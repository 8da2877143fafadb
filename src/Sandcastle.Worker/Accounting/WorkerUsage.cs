namespace Sandcastle.Worker.Accounting;

/// <summary>
/// Where a worker's CPU time went since its start. What is billed and what is overhead add up to the whole, but for slots that are
/// running or being destroyed at the moment of reading.
/// </summary>
/// <param name="Total">The worker's cgroup: everything that ran in its slots and zygotes.</param>
/// <param name="Billed">The sum of its receipts.</param>
/// <param name="Overhead">Zygotes, and slots before their job and after their answer.</param>
public sealed record WorkerUsage(TimeSpan Total, TimeSpan Billed, TimeSpan Overhead);
