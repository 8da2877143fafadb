namespace Sandcastle.Client.Events;

/// <summary>The program has its job.</summary>
/// <param name="Id">By this id the run can be cancelled and looked up.</param>
public sealed record RunStarted(string Id) : RunEvent;
