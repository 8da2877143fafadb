namespace Sandcastle.Worker.Diagnosis;

/// <summary>What was found of one thing that a worker needs or could use.</summary>
public enum FindingState
{
    Found,

    /// <summary>There, but less than it could be; or not there, and nothing needs it.</summary>
    Degraded,

    /// <summary>Not there, and the worker does not start, or not all of it works.</summary>
    Missing,
}
