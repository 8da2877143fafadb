using Sandcastle.Protocol.Runs;

namespace Sandcastle.Worker.Accounting;

/// <summary>A run that has its job and no receipt yet: what a successor needs to make one, should this worker be killed.</summary>
/// <param name="Slot">Name of the slot's cgroup, whose counters outlive the worker.</param>
/// <param name="CpuBaselineMicros">CPU of that cgroup when the slot became ready.</param>
/// <param name="Draft">The receipt without figures, outcome <c>interrupted</c>.</param>
internal sealed record OpenRun(string Slot, long CpuBaselineMicros, Receipt Draft);
