namespace Sandcastle.Daemon.Options;

/// <summary>The command line cannot be followed; the message says why, and exit code 2 says so to programs.</summary>
internal sealed class UsageException(string message) : Exception(message);
