namespace Sandcastle.Protocol.Rest;

/// <summary>A template on one worker.</summary>
/// <param name="Name">Of the template.</param>
/// <param name="Available">It serves.</param>
/// <param name="Reason">Why it does not; null where it does.</param>
/// <param name="Slots">Wanted, ready and busy there.</param>
public sealed record WorkerTemplateResponse(string Name, bool Available, string? Reason, SlotsResponse Slots);
