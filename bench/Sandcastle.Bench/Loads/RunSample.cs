using Sandcastle.Protocol.Rest;

namespace Sandcastle.Bench.Loads;

/// <summary>One run as its client saw it.</summary>
/// <param name="ClientMs">From before the request's first byte to after the answer's last.</param>
/// <param name="Result">The answer.</param>
internal sealed record RunSample(double ClientMs, RunResponse Result);
