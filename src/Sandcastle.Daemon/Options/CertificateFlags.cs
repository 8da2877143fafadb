using System.CommandLine;
using Sandcastle.Daemon.Roles;
using Sandcastle.Operator.Certificates;

namespace Sandcastle.Daemon.Options;

/// <summary>The flags about the certificates of managers, operator and workers: who makes them, and for how long.</summary>
internal sealed class CertificateFlags
{
    private const string Own = "operator";
    private const string CertManager = "cert-manager";

    private static readonly TimeSpan Least = TimeSpan.FromHours(2);
    private static readonly TimeSpan Most = TimeSpan.FromDays(366);

    private readonly Option<string> _source = new("--certificates")
    {
        Description = "Who makes certificates: operator (an authority of its own) or cert-manager (the operator writes Certificates, and no Secret); role operator",
        HelpName = "WHO",
        DefaultValueFactory = _ => Own,
    };

    private readonly Option<string> _issuer = new("--certificate-issuer")
    {
        Description = "cert-manager's issuer: KIND/NAME, or KIND.GROUP/NAME of another group's; role operator with --certificates=cert-manager",
        HelpName = "ISSUER",
        DefaultValueFactory = _ => IssuerReference.Default.ToString(),
    };

    private readonly Option<string> _time = new("--certificate-time")
    {
        Description = "How long a certificate lasts, 2h to 366d; it is renewed at two thirds; role operator",
        HelpName = "TIME",
        DefaultValueFactory = _ => Quantity.Write(new CertificateOptions().LeafTime),
    };

    internal void AddTo(Command command)
    {
        foreach (var option in (Option[])[_source, _issuer, _time])
        {
            command.Options.Add(option);
        }
    }

    internal CertificateOptions Read(ParseResult result, Role role, List<string> faults)
    {
        var word = result.GetValue(_source)!;
        if (word is not (Own or CertManager))
        {
            faults.Add($"{_source.Name}: '{word}' is neither {Own} nor {CertManager}");
        }

        if (!IssuerReference.TryParse(result.GetValue(_issuer)!, out var issuer))
        {
            faults.Add($"{_issuer.Name}: '{result.GetValue(_issuer)}' names no issuer; write KIND/NAME, like {IssuerReference.Default}, or KIND.GROUP/NAME");
        }
        else if (word == Own && IsGiven(result, _issuer))
        {
            faults.Add($"{_issuer.Name} needs {_source.Name}={CertManager}: the operator signs with an authority of its own");
        }

        if (!Quantity.TryParseDuration(result.GetValue(_time)!, out var time) || time < Least || time > Most)
        {
            faults.Add($"{_time.Name}: '{result.GetValue(_time)}' is no duration between 2h and 366d");
        }

        if (role != Role.Operator)
        {
            faults.AddRange(((Option[])[_source, _issuer, _time]).Where(flag => IsGiven(result, flag))
                .Select(flag => $"{flag.Name} is an operator's; this is a process of another role"));
        }

        return new CertificateOptions
        {
            Source = word == CertManager ? CertificateSource.CertManager : CertificateSource.Operator,
            Issuer = issuer ?? IssuerReference.Default,
            LeafTime = time,
        };
    }

    private static bool IsGiven(ParseResult result, Option flag) => result.GetResult(flag) is { Implicit: false };
}
