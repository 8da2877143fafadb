namespace Sandcastle.Worker.Accounting;

/// <summary>Why we killed a program.</summary>
internal enum KillReason
{
    /// <summary>We did not.</summary>
    None,
    Timeout,
    OutputLimit,
    Cancelled,

    /// <summary>The worker's room was needed, or its time was up.</summary>
    Interrupted,
}
