namespace Sandcastle.Link;

/// <summary>What both ends of the wire agree on.</summary>
public static class LinkLimits
{
    /// <summary>
    /// Most bytes of one message. A request is bounded by the manager's admission and an answer by the run's limits (two streams of
    /// output and the collected files) long before this; it is here so that no end can be made to take more, whatever the other sends.
    /// </summary>
    public const int MessageBytes = 512 << 20;

    /// <summary>The same of what a worker says that is no run's: what it offers, how busy it is, and its receipts, which come some hundreds at a time.</summary>
    public const int WordBytes = 16 << 20;

    /// <summary>A worker that is silent for so long is lost: it says something at least once a second.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause between two words of a worker.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);
}
