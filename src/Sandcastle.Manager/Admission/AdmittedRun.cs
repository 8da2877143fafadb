using Sandcastle.Protocol.Runs;

namespace Sandcastle.Manager.Admission;

/// <summary>A request that passed: the order for a worker, and what only the answer needs.</summary>
/// <param name="Order">What a worker gets.</param>
/// <param name="Base64">The answer carries exact bytes instead of text.</param>
/// <param name="MostWait">How long it would rather wait than be refused, from its acceptance.</param>
/// <param name="Metadata">The caller's own, given back as it came.</param>
public sealed record AdmittedRun(RunOrder Order, bool Base64, TimeSpan MostWait, IReadOnlyDictionary<string, string>? Metadata);
