using System.Globalization;

namespace Sandcastle.Faults;

/// <summary>What can be asked of the suites from outside, and where they write what they found.</summary>
public static class FaultOptions
{
    /// <summary>Of every random choice. One that is given repeats the choices of a run; the moments at which they fall it cannot.</summary>
    public static int Seed { get; } = Read("SANDCASTLE_CHAOS_SEED") ?? Random.Shared.Next(1, 1_000_000);

    public static TimeSpan Chaos { get; } = TimeSpan.FromSeconds(Read("SANDCASTLE_CHAOS_SECONDS") ?? 60);

    public static TimeSpan Receipts { get; } = TimeSpan.FromSeconds(Read("SANDCASTLE_RECEIPTS_SECONDS") ?? 8);

    public static int ConservationRuns { get; } = Read("SANDCASTLE_CONSERVATION_RUNS") ?? 200;

    public static int SoakRuns { get; } = Read("SANDCASTLE_SOAK_RUNS") ?? 1_000;

    /// <summary>Writes a report to <c>artifacts/faults</c> and to standard output.</summary>
    public static void Publish(string name, string text)
    {
        Save(name, text);
        Console.Out.WriteLine(text);
    }

    /// <summary>Writes what is known so far to <c>artifacts/faults</c>.</summary>
    public static void Save(string name, string text)
    {
        var directory = Directory.CreateDirectory(Path.Combine(EndToEnd.Servers.Repository.Root, "artifacts", "faults"));
        File.WriteAllText(Path.Combine(directory.FullName, name + ".txt"), text);
    }

    private static int? Read(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;
}
