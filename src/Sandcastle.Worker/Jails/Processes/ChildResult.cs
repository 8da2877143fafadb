namespace Sandcastle.Worker.Jails.Processes;

/// <summary>How one of our own small programs ended.</summary>
/// <param name="ExitCode">128 and the signal's number when a signal ended it.</param>
/// <param name="Output">Everything from its stdout.</param>
/// <param name="Error">Everything from its stderr, as text.</param>
internal sealed record ChildResult(int ExitCode, byte[] Output, string Error);
