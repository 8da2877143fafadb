namespace Sandcastle.Protocol.Rest;

/// <summary>Slots of a template: wanted ready, ready now, running now.</summary>
public sealed record SlotsResponse(int Wanted, int Ready, int Busy);
