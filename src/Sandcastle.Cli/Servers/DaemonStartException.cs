namespace Sandcastle.Cli.Servers;

/// <summary>A local server did not come up. The message ends with what it said last.</summary>
internal sealed class DaemonStartException(string message, string logPath) : Exception($"{message}{Tail(logPath)}")
{
    private const int Lines = 10;

    private static string Tail(string logPath)
    {
        try
        {
            var lines = File.ReadLines(logPath).TakeLast(Lines).ToList();
            return lines.Count == 0 ? $" (and wrote nothing to {logPath})" : $":\n  {string.Join("\n  ", lines)}\n(from {logPath})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
