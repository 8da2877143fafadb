using System.CommandLine;
using Sandcastle.Client.Servers;
using Sandcastle.Daemon.Diagnosis;
using Sandcastle.Daemon.Ledgers;
using Sandcastle.Daemon.Listening;
using Sandcastle.Daemon.Mcp;
using Sandcastle.Manager.Admission;
using Sandcastle.Manager.Runs;
using Sandcastle.Protocol.Limits;

namespace Sandcastle.Daemon.Options;

/// <summary>The command line of <c>sandcastled</c>.</summary>
internal sealed class DaemonCommand
{
    private readonly Option<string> _listen = new("--listen")
    {
        Description = "Address to serve: HOST:PORT (port 0 takes a free one) or unix:/PATH",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => ListenAddress.Default,
    };

    private readonly Option<string?> _grpcListen = new("--grpc-listen")
    {
        Description = "Address to serve native gRPC on (HTTP/2): HOST:PORT or unix:/PATH; gRPC-Web is on --listen in any case",
        HelpName = "ADDRESS",
    };

    private readonly Option<string> _dataDirectory = new("--data-dir")
    {
        Description = "Where the API key, the ledger and the journal are [env: SANDCASTLE_DATA_DIR]",
        HelpName = "DIR",
        DefaultValueFactory = _ => LocalServer.FromEnvironment().DataDirectory,
    };

    private readonly Option<string?> _templates = new("--templates")
    {
        Description = "Directory of your own templates (*.yaml); a name in it replaces the shipped one",
        HelpName = "DIR",
    };

    private readonly Option<bool> _ownTemplates = new("--own-templates-only")
    {
        Description = "Offer the templates of --templates and none of those that are shipped: their slots are all the slots there are",
    };

    private readonly Option<string?> _idleExit = new("--idle-exit")
    {
        Description = "Leave after so many seconds without a request",
        HelpName = "SECONDS",
    };

    private readonly Option<string> _stopGrace = new("--stop-grace")
    {
        Description = "How long running programs may go on after SIGTERM before they are interrupted",
        HelpName = "TIME",
        DefaultValueFactory = _ => "2s",
    };

    private readonly Option<bool> _insecureListen = new("--insecure-listen", "--allow-cleartext")
    {
        Description = "Serve cleartext beyond loopback: keys and code can be read on the way",
    };

    private readonly Option<string[]> _allowUnenforced = new("--allow-unenforced")
    {
        Description = "Start although these limits cannot be enforced here (memory, pids, cpu; separated by commas); every receipt says so",
        HelpName = "LIMITS",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _cgroupRoot = new("--cgroup-root")
    {
        Description = "An existing cgroup to work below, for example one that is delegated to this user",
        HelpName = "CGROUP",
    };

    private readonly Option<string?> _requireKeep = new("--require-keep")
    {
        Description = "Refuse to start without this outer wall: nsjail or builtin",
        HelpName = "KEEP",
    };

    private readonly Option<int> _maxSlots = new("--max-slots")
    {
        Description = "Most slots alive at one time, prepared or running; what is beyond is refused as no_capacity",
        HelpName = "N",
        DefaultValueFactory = _ => 2500,
    };

    private readonly Option<string> _maxBody = new("--max-body")
    {
        Description = "Most bytes of code, files and the rest of a request together, decoded",
        HelpName = "SIZE",
        DefaultValueFactory = _ => "16M",
    };

    private readonly Option<string> _keepResults = new("--keep-results")
    {
        Description = "How long results are kept for GET and for Idempotency-Key",
        HelpName = "TIME",
        DefaultValueFactory = _ => "10m",
    };

    private readonly Option<int> _keepResultsCount = new("--keep-results-count")
    {
        Description = "Most results kept",
        HelpName = "N",
        DefaultValueFactory = _ => new RetentionOptions().Count,
    };

    private readonly Option<string> _keepResultsBytes = new("--keep-results-bytes")
    {
        Description = "Most bytes of results kept",
        HelpName = "SIZE",
        DefaultValueFactory = _ => "128M",
    };

    private readonly Option<string> _keepResultsEach = new("--keep-results-each")
    {
        Description = "Most bytes of one result in the ledger, for the Idempotency-Key of other managers; a larger one is kept there without its output",
        HelpName = "SIZE",
        DefaultValueFactory = _ => "4M",
    };

    private readonly LedgerFlags _ledger = new();
    private readonly BookFlags _books = new();
    private readonly TenantFlags _tenants = new();
    private readonly RoleFlags _roles = new();
    private readonly LotFlag _lot = new();
    private readonly RetailFlags _retail = new();
    private readonly PeerFlags _peers = new();
    private readonly CertificateFlags _certificates = new();
    private readonly KeyFlag _key = new();
    private readonly HoldFlag _hold = new();
    private readonly PendingFlag _pending = new();
    private readonly WorkerBoundFlags _bounds = new();
    private readonly LimitFlags _defaults = new("default", "Where a template names none:", RunLimits.Default);
    private readonly LimitFlags _maximums = new("max", "Most that a run may ask for where a template names no maximum:", RunLimits.Maximum);

    /// <summary>The command; <paramref name="serve"/> runs it once its options are sound.</summary>
    public RootCommand Build(Func<DaemonOptions, Task<int>> serve)
    {
        var command = new RootCommand("The Kube-Sandcastle daemon: runs untrusted code, each run in a jail of its own, and charges exactly.");
        foreach (var option in (Option[])
            [_listen, _grpcListen, _dataDirectory, _templates, _ownTemplates, _idleExit, _stopGrace, _insecureListen, _allowUnenforced, _cgroupRoot,
                _requireKeep, _maxSlots, _maxBody, _keepResults, _keepResultsCount, _keepResultsBytes, _keepResultsEach])
        {
            command.Options.Add(option);
        }

        _roles.AddTo(command);
        _lot.AddTo(command);
        _hold.AddTo(command);
        _pending.AddTo(command);
        _bounds.AddTo(command);
        _ledger.AddTo(command);
        _books.AddTo(command);
        _tenants.AddTo(command);
        _retail.AddTo(command);
        _peers.AddTo(command);
        _certificates.AddTo(command);
        _key.AddTo(command);
        _defaults.AddTo(command);
        _maximums.AddTo(command);
        foreach (var option in command.Options)
        {
            option.Recursive = true;
        }

        command.Subcommands.Add(DoctorCommand.Build(Read));
        command.Subcommands.Add(McpCommand.Build());
        command.Subcommands.Add(LedgerCommand.Build(Read));
        command.SetAction((result, _) => serve(Read(result)));
        return command;
    }

    /// <exception cref="UsageException">Everything that is wrong, at once.</exception>
    internal DaemonOptions Read(ParseResult result)
    {
        var faults = new List<string>();
        var defaults = _defaults.Read(result);
        var maximums = _maximums.Read(result);
        faults.AddRange(LimitFlags.Faults(defaults, maximums));
        var options = new DaemonOptions
        {
            Listen = Address("--listen", result.GetValue(_listen)!, result, faults),
            GrpcListen = result.GetValue(_grpcListen) is { } grpc ? Address("--grpc-listen", grpc, result, faults) : null,
            DataDirectory = Path.GetFullPath(result.GetValue(_dataDirectory)!),
            TemplateDirectory = Directory(result, faults),
            OwnTemplatesOnly = result.GetValue(_ownTemplates),
            IdleExit = result.GetValue(_idleExit) is { } idle ? Duration("--idle-exit", idle, faults) : null,
            StopGrace = Duration("--stop-grace", result.GetValue(_stopGrace)!, faults, leastIsZero: true),
            AllowUnenforced = Unenforced(result, faults),
            CgroupRoot = result.GetValue(_cgroupRoot),
            RequireKeep = result.GetValue(_requireKeep),
            MaxSlots = result.GetValue(_maxSlots),
            PendingReceipts = _pending.Read(result, faults),
            Bounds = _bounds.Read(result, faults),
            Ledger = _ledger.Read(result, faults),
            Books = _books.Read(result, faults),
            Tenants = _tenants.Read(result, faults),
            DefaultLimits = defaults,
            MaximumLimits = maximums,
            Admission = new AdmissionOptions { ContentBytes = Bytes("--max-body", result.GetValue(_maxBody)!, faults) },
            Retention = new RetentionOptions
            {
                Time = Duration("--keep-results", result.GetValue(_keepResults)!, faults),
                Count = result.GetValue(_keepResultsCount),
                Bytes = Bytes("--keep-results-bytes", result.GetValue(_keepResultsBytes)!, faults),
                ResultBytes = Bytes("--keep-results-each", result.GetValue(_keepResultsEach)!, faults),
            },
        };
        options = _retail.Read(result, _roles.Read(result, options, result.GetValue(_insecureListen), faults), faults);
        options = options with { Lot = _lot.Read(result, options.Role, faults), HoldReceipts = _hold.Read(result), Peers = _peers.Read(result, options, faults) };
        options = options with { Certificates = _certificates.Read(result, options.Role, faults), SharedKeyFile = _key.Read(result, options.Role, faults) };
        if (options.RequireKeep is not (null or "nsjail" or "builtin"))
        {
            faults.Add($"--require-keep: '{options.RequireKeep}' is no keep; there are nsjail and builtin");
        }

        if (options.OwnTemplatesOnly && options.TemplateDirectory is null)
        {
            faults.Add("--own-templates-only needs --templates: where your own are");
        }

        if (options.MaxSlots is < 1 or > 60_000)
        {
            faults.Add("--max-slots must be between 1 and 60000");
        }

        if (options.Retention.Count < 1)
        {
            faults.Add("--keep-results-count must be at least 1");
        }

        return faults.Count == 0 ? options : throw new UsageException(string.Join('\n', faults));
    }

    private ListenAddress Address(string flag, string text, ParseResult result, List<string> faults)
    {
        if (!ListenAddress.TryParse(text, out var address))
        {
            faults.Add($"{flag}: '{text}' is no address; write HOST:PORT with an IP address or localhost, or unix:/PATH");
            return ListenAddress.None;
        }

        if (!address.IsPrivate && !result.GetValue(_insecureListen) && !_roles.SpeaksTls(result))
        {
            faults.Add($"{flag} {text} would serve cleartext beyond this machine, so that keys and code can be read on the way; --insecure-listen allows it");
        }

        return address;
    }

    private string? Directory(ParseResult result, List<string> faults)
    {
        if (result.GetValue(_templates) is not { } path)
        {
            return null;
        }

        if (!System.IO.Directory.Exists(path))
        {
            faults.Add($"--templates: '{path}' is no directory");
        }

        return Path.GetFullPath(path);
    }

    private List<string> Unenforced(ParseResult result, List<string> faults)
    {
        var names = result.GetValue(_allowUnenforced)!
            .SelectMany(v => v.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        faults.AddRange(names.Where(n => n is not ("memory" or "pids" or "cpu"))
            .Select(n => $"--allow-unenforced: '{n}' is no such limit; there are memory, pids and cpu"));
        return names;
    }

    private static TimeSpan Duration(string flag, string text, List<string> faults, bool leastIsZero = false)
    {
        if (!Quantity.TryParseDuration(text, out var duration) || (duration == TimeSpan.Zero && !leastIsZero))
        {
            faults.Add($"{flag}: '{text}' is no duration; write 30s, 500ms, 2m");
        }

        return duration;
    }

    private static long Bytes(string flag, string text, List<string> faults)
    {
        if (!Quantity.TryParseBytes(text, out var bytes) || bytes is 0 or > int.MaxValue)
        {
            faults.Add($"{flag}: '{text}' is no size up to 2G; write 16M, 1G");
        }

        return bytes;
    }
}
