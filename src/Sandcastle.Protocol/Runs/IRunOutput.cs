namespace Sandcastle.Protocol.Runs;

/// <summary>
/// Receives a run's output while it is written. Called from the worker's event loop, one call at a time per run:
/// an implementation copies what it wants and returns at once. At most <c>outputBytes</c> of each stream arrive here.
/// </summary>
public interface IRunOutput
{
    /// <summary>False where nobody listens: a worker elsewhere then sends the output with its report, and not twice. The calls may come all the same.</summary>
    bool IsHeard => true;

    /// <summary>
    /// The program gets its job: called once, just before, so that nothing it does comes ahead of this. From here on it may have begun, and must not be
    /// begun again by anybody else.
    /// </summary>
    void OnStarted();

    void OnStdout(ReadOnlySpan<byte> bytes);

    void OnStderr(ReadOnlySpan<byte> bytes);
}
