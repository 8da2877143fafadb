namespace Sandcastle.Operator.Leases;

/// <summary>A write was not made, because this operator does not lead any more.</summary>
public sealed class LeadershipLostException() : Exception("This operator does not lead any more.");
