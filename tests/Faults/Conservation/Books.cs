using System.Globalization;
using Sandcastle.EndToEnd.Servers;

namespace Sandcastle.Faults.Conservation;

/// <summary>Where a daemon's CPU time went, in seconds, as <c>/metrics</c> tells it.</summary>
/// <param name="Worker">The worker's cgroup.</param>
/// <param name="Receipts">Charged.</param>
/// <param name="Open">Of slots at work.</param>
/// <param name="Unaccounted">The most that was ever missing.</param>
/// <param name="Overhead">By part.</param>
internal sealed record Books(double Worker, double Receipts, double Open, double Unaccounted, IReadOnlyDictionary<string, double> Overhead)
{
    internal double Missing => Worker - Receipts - Open - Overhead.Values.Sum();

    internal static async Task<Books> ReadAsync(Daemon daemon, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = daemon.Address };
        http.DefaultRequestHeaders.Add("X-API-Key", daemon.ApiKey);
        var lines = (await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellationToken)).Split('\n')
            .Where(line => line.StartsWith("sandcastle_", StringComparison.Ordinal)).ToList();
        return new Books(
            One(lines, "sandcastle_worker_cpu_seconds_total"),
            One(lines, "sandcastle_receipts_cpu_seconds_total"),
            One(lines, "sandcastle_open_cpu_seconds"),
            One(lines, "sandcastle_unaccounted_cpu_seconds_total"),
            lines.Where(line => line.StartsWith("sandcastle_overhead_cpu_seconds_total{", StringComparison.Ordinal)).ToDictionary(Part, Value, StringComparer.Ordinal));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"worker {Worker:0.000} s = receipts {Receipts:0.000} + overhead {Overhead.Values.Sum():0.000} ({string.Join(", ", Overhead.Select(o => FormattableString.Invariant($"{o.Key} {o.Value:0.000}")))}) + open {Open:0.000} + missing {Missing:0.000} ({Missing / Worker:P3}); at most unaccounted {Unaccounted:0.000}");

    private static double One(List<string> lines, string name) =>
        Value(lines.Single(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal)));

    private static string Part(string line) => line.Split("part=\"")[1].Split('"')[0];

    /// <summary>Name and labels, the value, and perhaps a time.</summary>
    private static double Value(string line) => double.Parse(line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[line.Contains('}') ? 0 : 1], CultureInfo.InvariantCulture);
}
