namespace Sandcastle.EndToEnd.Stress;

/// <summary>Lines for people: with the test's output, and in the file of SANDCASTLE_STRESS_REPORT where it is set.</summary>
internal static class StressReport
{
    internal static async Task AddAsync(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        if (Environment.GetEnvironmentVariable("SANDCASTLE_STRESS_REPORT") is { Length: > 0 } file)
        {
            await File.AppendAllTextAsync(file, line + "\n");
        }
    }

    /// <summary>What else this machine did: figures of a busy one say little.</summary>
    internal static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
