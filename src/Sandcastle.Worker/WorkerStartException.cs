namespace Sandcastle.Worker;

/// <summary>The worker cannot start on this machine, or as it was told to; the message is for the operator, one sentence a line.</summary>
public sealed class WorkerStartException(string message) : Exception(message);
