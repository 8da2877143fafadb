using System.Globalization;

namespace Sandcastle.EndToEnd.Stress;

/// <summary>How long each class is stressed: five seconds with the other tests, a minute by <c>make stress</c>.</summary>
internal static class StressLength
{
    internal static TimeSpan OfAClass { get; } = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("SANDCASTLE_STRESS_SECONDS") ?? "5", CultureInfo.InvariantCulture));

    /// <summary>A neighbour is watched so long at a time while nothing else runs.</summary>
    internal static TimeSpan Idle => OfAClass / 4;

    /// <summary>
    /// Which stressors there is time for, a second or more each, evenly from the whole class; and for how many seconds each. What a
    /// class has beyond a minute's worth makes it longer.
    /// </summary>
    internal static (IReadOnlyList<string> Stressors, int Seconds) Share(IReadOnlyList<string> all)
    {
        var seconds = (int)OfAClass.TotalSeconds;
        var count = seconds >= 60 ? all.Count : Math.Min(all.Count, seconds);
        return ([.. Enumerable.Range(0, count).Select(i => all[i * all.Count / count])], Math.Max(1, seconds / count));
    }
}
