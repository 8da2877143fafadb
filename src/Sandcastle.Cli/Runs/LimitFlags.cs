using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Sandcastle.Cli.Units;
using Sandcastle.Protocol.Rest;

namespace Sandcastle.Cli.Runs;

/// <summary>The flags for limits. They are only translated here; what is allowed is the template's business, and the server says it.</summary>
internal sealed class LimitFlags
{
    private const int MiB = 20;
    private const int KiB = 10;

    private readonly Option<long?> _timeout = new("--timeout")
    {
        Description = "Wall time, for example 500ms, 10s, 2m; a number alone means seconds",
        HelpName = "TIME",
        CustomParser = Milliseconds,
    };

    private readonly Option<long?> _memory = Size("--memory", "Memory, for example 256M, 1G", MiB);
    private readonly Option<double?> _cpus = Number<double>("--cpus", "CPUs as a rate: 0.5 is half of one core", "N");
    private readonly Option<long?> _pids = Number<long>("--pids", "Processes and threads", "N");
    private readonly Option<long?> _disk = Size("--disk", "Disk space of the sandbox, for example 256M", MiB);
    private readonly Option<long?> _diskInodes = Number<long>("--disk-inodes", "Files and directories of the sandbox", "N");
    private readonly Option<long?> _output = Size("--output-limit", "Bytes kept of stdout and of stderr, for example 1M", KiB);
    private readonly Option<long?> _openFiles = Number<long>("--open-files", "Open files per process", "N");

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_timeout, _memory, _cpus, _pids, _disk, _diskInodes, _output, _openFiles])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Null when none was given, so that the template's defaults hold.</summary>
    public LimitsRequest? Read(ParseResult result)
    {
        var limits = new LimitsRequest
        {
            TimeoutMs = result.GetValue(_timeout),
            MemoryMiB = result.GetValue(_memory),
            Cpus = result.GetValue(_cpus),
            Pids = result.GetValue(_pids),
            DiskMiB = result.GetValue(_disk),
            DiskInodes = result.GetValue(_diskInodes),
            OutputKiB = result.GetValue(_output),
            OpenFiles = result.GetValue(_openFiles),
        };
        return limits == new LimitsRequest() ? null : limits;
    }

    /// <summary>The flag that sets a field of the request; null where none does.</summary>
    public static string? FlagOf(string field) => field switch
    {
        "limits.timeoutMs" => "--timeout",
        "limits.memoryMiB" => "--memory",
        "limits.cpus" => "--cpus",
        "limits.pids" => "--pids",
        "limits.diskMiB" => "--disk",
        "limits.diskInodes" => "--disk-inodes",
        "limits.outputKiB" => "--output-limit",
        "limits.openFiles" => "--open-files",
        _ => null,
    };

    private static long? Milliseconds(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (Duration.TryParse(text, out var duration))
        {
            return (long)Math.Ceiling(duration.TotalMilliseconds);
        }

        argument.AddError($"--timeout: '{text}' is not {Duration.Accepted}");
        return null;
    }

    /// <summary>A size, rounded up to the unit in which the wire counts it.</summary>
    private static Option<long?> Size(string name, string description, int unitShift) => new(name)
    {
        Description = description,
        HelpName = "SIZE",
        CustomParser = argument =>
        {
            var text = argument.Tokens[0].Value;
            if (!ByteSize.TryParse(text, out var bytes))
            {
                argument.AddError($"{name}: '{text}' is not {ByteSize.Accepted}");
                return null;
            }

            var unit = 1L << unitShift;
            if (bytes > 0 && bytes < unit)
            {
                argument.AddError($"{name}: '{text}' is {ByteSize.Format(bytes)}, less than {ByteSize.Format(unit)}; write {ByteSize.Accepted}");
                return null;
            }

            return (bytes / unit) + (bytes % unit == 0 ? 0 : 1);
        },
    };

    private static Option<T?> Number<T>(string name, string description, string helpName)
        where T : struct, IParsable<T> => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = argument =>
            {
                var text = argument.Tokens[0].Value;
                if (T.TryParse(text, CultureInfo.InvariantCulture, out var value))
                {
                    return value;
                }

                argument.AddError($"{name}: '{text}' is not a {(typeof(T) == typeof(double) ? "number like 0.5 or 2" : "whole number like 64")}");
                return null;
            },
        };
}
