using System.CommandLine;
using System.Net;
using Sandcastle.Daemon.Listening;
using Sandcastle.Daemon.Roles;
using Sandcastle.Manager.Peers;

namespace Sandcastle.Daemon.Options;

/// <summary>The flags of managers side by side.</summary>
internal sealed class PeerFlags
{
    private readonly Option<string?> _address = new("--peer-address")
    {
        Description = "Where other managers reach this one's --listen, to ask for a run that it has: IP:PORT; they learn it from the --ledger that they share; role manager",
        HelpName = "ADDRESS",
    };

    private readonly Option<string> _patience = new("--peer-patience")
    {
        Description = "How long another manager may take to answer, which includes the end of a run that is cancelled",
        HelpName = "TIME",
        DefaultValueFactory = _ => "10s",
    };

    internal void AddTo(Command command)
    {
        command.Options.Add(_address);
        command.Options.Add(_patience);
    }

    internal PeerOptions Read(ParseResult result, DaemonOptions options, List<string> faults)
    {
        if (!Quantity.TryParseDuration(result.GetValue(_patience)!, out var patience) || patience == TimeSpan.Zero || patience > TimeSpan.FromHours(1))
        {
            faults.Add($"--peer-patience: '{result.GetValue(_patience)}' is no duration up to 1h; write 10s, 500ms");
        }

        return new PeerOptions { Address = result.GetValue(_address) is { } text ? ReadAddress(text, options, faults) : null, Patience = patience };
    }

    private static IPEndPoint? ReadAddress(string text, DaemonOptions options, List<string> faults)
    {
        if (!ListenAddress.TryParse(text, out var address) || address.EndPoint is not { Port: > 0 } where
            || where.Address.Equals(IPAddress.Any) || where.Address.Equals(IPAddress.IPv6Any))
        {
            faults.Add($"--peer-address: '{text}' is no address that others could dial; write IP:PORT");
            return null;
        }

        if (options.Role != Role.Manager)
        {
            faults.Add("--peer-address is a manager's; this is a process of another role");
        }
        else if (options.TlsDirectory is null)
        {
            faults.Add("--peer-address needs --tls-directory: managers know each other by their certificates and by nothing else");
        }
        else if (!options.Ledger.IsShared)
        {
            faults.Add("--peer-address needs a --ledger that the managers share: by it they learn of each other");
        }

        return where;
    }
}
