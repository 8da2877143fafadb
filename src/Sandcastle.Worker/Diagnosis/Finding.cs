namespace Sandcastle.Worker.Diagnosis;

/// <summary>One line of <c>doctor</c>.</summary>
/// <param name="Name">Of the feature, tool or permission.</param>
/// <param name="State">What was found.</param>
/// <param name="Detail">What exactly was found, or is missing.</param>
/// <param name="Cost">What that costs; empty where it costs nothing.</param>
public sealed record Finding(string Name, FindingState State, string Detail, string Cost = "");
