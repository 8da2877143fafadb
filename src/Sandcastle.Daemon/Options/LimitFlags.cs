using System.CommandLine;
using System.CommandLine.Parsing;
using System.Numerics;
using Sandcastle.Protocol.Limits;

namespace Sandcastle.Daemon.Options;

/// <summary>One flag per limit: <c>--default-timeout</c>, <c>--max-timeout</c> and so on.</summary>
internal sealed class LimitFlags
{
    private readonly RunLimits _builtIn;
    private readonly Option<TimeSpan?> _timeout;
    private readonly Option<double?> _cpus;
    private readonly Option<long?> _memory;
    private readonly Option<int?> _pids;
    private readonly Option<long?> _disk;
    private readonly Option<int?> _inodes;
    private readonly Option<long?> _output;
    private readonly Option<int?> _openFiles;

    /// <param name="prefix"><c>default</c> or <c>max</c>.</param>
    /// <param name="meaning">Begins each description.</param>
    /// <param name="builtIn">In force where no flag is given.</param>
    public LimitFlags(string prefix, string meaning, RunLimits builtIn)
    {
        _builtIn = builtIn;
        _timeout = Flag<TimeSpan>($"--{prefix}-timeout", $"{meaning} wall time", "TIME", $"{builtIn.Timeout.TotalSeconds}s", TryPositive);
        _cpus = Flag<double>($"--{prefix}-cpus", $"{meaning} CPUs", "N", $"{builtIn.Cpus}", TryPositive);
        _memory = Flag<long>($"--{prefix}-memory", $"{meaning} memory", "SIZE", Size(builtIn.MemoryBytes), TryBytes);
        _pids = Flag<int>($"--{prefix}-pids", $"{meaning} processes and threads", "N", $"{builtIn.Pids}", TryPositive);
        _disk = Flag<long>($"--{prefix}-disk", $"{meaning} disk", "SIZE", Size(builtIn.DiskBytes), TryBytes);
        _inodes = Flag<int>($"--{prefix}-disk-inodes", $"{meaning} inodes", "N", $"{builtIn.DiskInodes}", TryPositive);
        _output = Flag<long>($"--{prefix}-output", $"{meaning} output per stream", "SIZE", Size(builtIn.OutputBytes), TryBytes);
        _openFiles = Flag<int>($"--{prefix}-open-files", $"{meaning} open files per process", "N", $"{builtIn.OpenFiles}", TryPositive);
    }

    private delegate bool TryParse<T>(string text, out T value);

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_timeout, _cpus, _memory, _pids, _disk, _inodes, _output, _openFiles])
        {
            command.Options.Add(option);
        }
    }

    public RunLimits Read(ParseResult result) => _builtIn with
    {
        Timeout = result.GetValue(_timeout) ?? _builtIn.Timeout,
        Cpus = result.GetValue(_cpus) ?? _builtIn.Cpus,
        MemoryBytes = result.GetValue(_memory) ?? _builtIn.MemoryBytes,
        Pids = result.GetValue(_pids) ?? _builtIn.Pids,
        DiskBytes = result.GetValue(_disk) ?? _builtIn.DiskBytes,
        DiskInodes = result.GetValue(_inodes) ?? _builtIn.DiskInodes,
        OutputBytes = result.GetValue(_output) ?? _builtIn.OutputBytes,
        OpenFiles = result.GetValue(_openFiles) ?? _builtIn.OpenFiles,
    };

    /// <summary>Says which defaults are above their maximum; empty when none is.</summary>
    public static IEnumerable<string> Faults(RunLimits defaults, RunLimits maximums)
    {
        (string Name, bool Above)[] checks =
        [
            ("timeout", defaults.Timeout > maximums.Timeout),
            ("cpus", defaults.Cpus > maximums.Cpus),
            ("memory", defaults.MemoryBytes > maximums.MemoryBytes),
            ("pids", defaults.Pids > maximums.Pids),
            ("disk", defaults.DiskBytes > maximums.DiskBytes),
            ("disk-inodes", defaults.DiskInodes > maximums.DiskInodes),
            ("output", defaults.OutputBytes > maximums.OutputBytes),
            ("open-files", defaults.OpenFiles > maximums.OpenFiles),
        ];
        return checks.Where(c => c.Above).Select(c => $"--default-{c.Name} is above --max-{c.Name}");
    }

    private static Option<T?> Flag<T>(string name, string description, string helpName, string shown, TryParse<T> tryParse)
        where T : struct => new(name)
        {
            Description = $"{description} [default: {shown}]",
            HelpName = helpName,
            CustomParser = result => Parse(result, name, tryParse),
        };

    private static T Parse<T>(ArgumentResult result, string name, TryParse<T> tryParse)
    {
        if (tryParse(result.Tokens[^1].Value, out var value))
        {
            return value;
        }

        result.AddError($"{name}: '{result.Tokens[^1].Value}' must be above zero{(typeof(T) == typeof(long) ? ", like 256M" : typeof(T) == typeof(TimeSpan) ? ", like 30s" : "")}");
        return value;
    }

    private static string Size(long bytes) => bytes >= 1L << 30 ? $"{bytes >> 30}G" : $"{bytes >> 20}M";

    private static bool TryBytes(string text, out long bytes) => Quantity.TryParseBytes(text, out bytes) && bytes > 0;

    private static bool TryPositive(string text, out TimeSpan value) => Quantity.TryParseDuration(text, out value) && value > TimeSpan.Zero;

    private static bool TryPositive<T>(string text, out T value)
        where T : struct, INumber<T> =>
        T.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out value) && T.IsFinite(value) && value > T.Zero;
}
