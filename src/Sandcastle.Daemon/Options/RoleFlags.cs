using System.CommandLine;
using Sandcastle.Daemon.Listening;
using Sandcastle.Daemon.Roles;

namespace Sandcastle.Daemon.Options;

/// <summary>The flags that part the roles: who this process is, and where the others are.</summary>
internal sealed class RoleFlags
{
    private readonly Option<string> _role = new("--role")
    {
        Description = "What this process is: all (manager and worker in one), manager, worker or operator",
        HelpName = "ROLE",
        DefaultValueFactory = _ => "all",
    };

    private readonly Option<string?> _linkListen = new("--link-listen")
    {
        Description = "Where a worker's managers come in: HOST:PORT (default 127.0.0.1:8443); role worker",
        HelpName = "ADDRESS",
    };

    private readonly Option<string?> _tls = new("--tls-directory")
    {
        Description = "Holds tls.crt, tls.key and ca.crt: listeners speak TLS, managers and workers know each other by them; read again when they change",
        HelpName = "DIR",
    };

    private readonly Option<string[]> _workers = new("--workers")
    {
        Description = "A manager's workers: 'pods', 'pods:NAMESPACE,…', or HOST:PORT of their links, separated by commas; role manager",
        HelpName = "WORKERS",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _rehearse = new("--rehearse")
    {
        Description = "Run an empty program on each worker that is found, so that no caller waits for code at its first use; charged to tenant sandcastle-system; role manager",
    };

    private readonly Option<string> _poolNamespace = new("--pool-namespace")
    {
        Description = "The one namespace whose pools an operator cares for; default all; role operator",
        HelpName = "NAMESPACE",
        DefaultValueFactory = _ => "",
    };

    private readonly Option<string> _systemNamespace = new("--system-namespace")
    {
        Description = "Where managers and operator are; roles manager and operator",
        HelpName = "NAMESPACE",
        DefaultValueFactory = _ => "sandcastle-system",
    };

    private readonly Option<string> _name = new("--name")
    {
        Description = "A worker's name, in receipts and tickets: 1 to 253 letters, digits, '-' and '.'; default the host's, which is the Pod's",
        HelpName = "NAME",
        DefaultValueFactory = _ => Environment.MachineName.ToLowerInvariant(),
    };

    internal void AddTo(Command command)
    {
        foreach (var option in (Option[])[_role, _linkListen, _tls, _workers, _rehearse, _poolNamespace, _systemNamespace, _name])
        {
            command.Options.Add(option);
        }
    }

    internal bool SpeaksTls(ParseResult result) => result.GetValue(_tls) is not null;

    internal DaemonOptions Read(ParseResult result, DaemonOptions options, bool cleartextAllowed, List<string> faults)
    {
        var role = ReadRole(result, faults);
        var tls = ReadDirectory(result, faults);
        var (workers, namespaces) = ReadWorkers(result, faults);
        var link = result.GetValue(_linkListen);
        if (role != Role.Worker && link is not null)
        {
            faults.Add("--link-listen is a worker's; this is a process of another role");
        }

        if (role != Role.Manager && workers.Count + namespaces.Count > 0)
        {
            faults.Add("--workers is a manager's; this is a process of another role");
        }

        if (role != Role.Manager && result.GetValue(_rehearse))
        {
            faults.Add("--rehearse is a manager's; this is a process of another role");
        }

        if (role == Role.Manager && workers.Count + namespaces.Count == 0)
        {
            faults.Add("--role manager needs --workers: where its workers are ('pods' in a cluster)");
        }

        var name = result.GetValue(_name)!;
        if (name.Length is 0 or > 253 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.'))
        {
            faults.Add("--name must be 1 to 253 letters, digits, '-' and '.'");
        }

        var address = role == Role.Worker ? ReadLink(link ?? "127.0.0.1:8443", faults) : null;
        if (tls is null && !cleartextAllowed)
        {
            RefuseCleartext("--link-listen", address?.EndPoint is null ? [] : [address], faults);
            RefuseCleartext("--workers", workers, faults);
        }

        if (role == Role.Operator)
        {
            namespaces = [result.GetValue(_poolNamespace)!];
        }
        else if (result.GetValue(_poolNamespace) is { Length: > 0 })
        {
            faults.Add("--pool-namespace is an operator's; this is a process of another role");
        }

        options = options with { WorkerNamespaces = namespaces, SystemNamespace = result.GetValue(_systemNamespace)! };
        return options with { Role = role, Name = name, LinkListen = address, TlsDirectory = tls, Rehearse = result.GetValue(_rehearse), Workers = [.. workers.Select(w => w.EndPoint!.ToString())] };
    }

    private Role ReadRole(ParseResult result, List<string> faults)
    {
        var text = result.GetValue(_role)!;
        switch (text)
        {
            case "all":
                return Role.All;
            case "manager":
                return Role.Manager;
            case "worker":
                return Role.Worker;
            case "operator":
                return Role.Operator;
            default:
                faults.Add($"--role: '{text}' is no role; there are all, manager, worker and operator");
                return Role.All;
        }
    }

    private string? ReadDirectory(ParseResult result, List<string> faults)
    {
        if (result.GetValue(_tls) is not { } path)
        {
            return null;
        }

        if (!Directory.Exists(path))
        {
            faults.Add($"--tls-directory: '{path}' is no directory");
        }

        return Path.GetFullPath(path);
    }

    /// <returns>Addresses, or the namespaces of Pods.</returns>
    private (List<ListenAddress> Addresses, List<string> Namespaces) ReadWorkers(ParseResult result, List<string> faults)
    {
        const string Pods = "pods";
        const StringSplitOptions Trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;
        var texts = result.GetValue(_workers)!;
        if (texts is [Pods])
        {
            return ([], [""]);
        }

        if (texts is [var named] && named.StartsWith(Pods + ":", StringComparison.Ordinal))
        {
            return ([], [.. named[(Pods.Length + 1)..].Split(',', Trimmed)]);
        }

        var addresses = texts.SelectMany(v => v.Split(',', Trimmed))
            .Select(text => ReadTcp("--workers", text, faults))
            .Where(address => address.EndPoint is not null)
            .ToList();
        return (addresses, []);
    }

    private static ListenAddress ReadLink(string text, List<string> faults) => ReadTcp("--link-listen", text, faults);

    private static ListenAddress ReadTcp(string flag, string text, List<string> faults)
    {
        if (ListenAddress.TryParse(text, out var address) && address.EndPoint is not null)
        {
            return address;
        }

        faults.Add($"{flag}: '{text}' is no address; write HOST:PORT with an IP address or localhost");
        return ListenAddress.None;
    }

    private static void RefuseCleartext(string flag, IReadOnlyList<ListenAddress> addresses, List<string> faults) =>
        faults.AddRange(addresses.Where(a => !a.IsPrivate).Select(a =>
            $"{flag} {a.EndPoint} would speak cleartext beyond this machine, and take anybody for a manager or a worker; give --tls-directory, or --insecure-listen allows it"));
}
