using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Sandcastle.Operator.Certificates;

/// <summary>Which of cert-manager's issuers signs. Written <c>KIND/NAME</c>, or <c>KIND.GROUP/NAME</c> for an issuer of another group than cert-manager's own.</summary>
public sealed partial record IssuerReference(string Group, string Kind, string Name)
{
    public const string OwnGroup = "cert-manager.io";

    /// <summary>That of <c>deploy/components/cert-manager</c>.</summary>
    public static IssuerReference Default { get; } = new(OwnGroup, "ClusterIssuer", "sandcastle");

    public static bool TryParse(string text, [NotNullWhen(true)] out IssuerReference? reference)
    {
        var match = text.Length <= 600 ? Form().Match(text) : Match.Empty;
        reference = match.Success
            ? new IssuerReference(match.Groups["group"] is { Success: true } group ? group.Value : OwnGroup, match.Groups["kind"].Value, match.Groups["name"].Value)
            : null;
        return reference is not null;
    }

    public override string ToString() => $"{Kind}{(Group == OwnGroup ? "" : "." + Group)}/{Name}";

    [GeneratedRegex(@"^(?<kind>[A-Z][A-Za-z0-9]{0,62})(\.(?<group>[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?))?/(?<name>[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
