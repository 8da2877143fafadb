using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Sandcastle.Kubectl.Proxy;

namespace Sandcastle.Kubectl.ApiServer;

/// <summary>The rule of RBAC without which a request is forbidden, and who may be asked for what.</summary>
internal sealed partial class MissingRule
{
    private const string ServiceAccountPrefix = "system:serviceaccount:";

    private readonly ApiRequest _asked;
    private readonly string _user;

    private MissingRule(ApiRequest asked, string user)
    {
        _asked = asked;
        _user = user;
    }

    /// <param name="asked">What was refused.</param>
    /// <param name="message">What the API server says; it names the user as it knows him, which the kubeconfig cannot.</param>
    /// <param name="rule">Null when it was no rule that was missing.</param>
    public static bool TryParse(ApiRequest asked, string message, [NotNullWhen(true)] out MissingRule? rule)
    {
        var match = Forbidden().Match(message);
        rule = match.Success ? new MissingRule(asked, match.Groups["user"].Value) : null;
        return match.Success;
    }

    /// <summary>One sentence; its command can be pasted by whoever may.</summary>
    public override string ToString()
    {
        var scope = _asked.Namespace is { } name ? $"in namespace {name}" : "in all namespaces";
        var target = _asked.Name is { } named ? $"{_asked.FullResource} '{named}'" : _asked.FullResource;
        return $"forbidden: user '{_user}' may not {_asked.Verb} {target} {scope}: ask for {Remedy()}";
    }

    private string Remedy()
    {
        if (ClusterRole() is not { } role)
        {
            return $"a Role with verbs [{_asked.Verb}], apiGroups [\"{_asked.Group}\"], resources [{_asked.FullResource}], resourceNames [{_asked.Name}]";
        }

        var binding = $"{role}-{NotInNames().Replace(_user.ToLowerInvariant(), "-").Trim('-', '.')}";
        return _asked.Namespace is { } name
            ? $"the ClusterRole {role} (kubectl create rolebinding {binding} --clusterrole={role} {Subject()} --namespace={name})"
            : $"the ClusterRole {role} (kubectl create clusterrolebinding {binding} --clusterrole={role} {Subject()})";
    }

    /// <summary>The role that we ship for it (deploy/base/rbac/user.yaml); null where ours names other objects.</summary>
    private string? ClusterRole() => _asked switch
    {
        { Resource: "serviceaccounts" } => _asked.Name == TenantToken.DefaultServiceAccount ? "sandcastle-user" : null,
        { Resource: "services", IsProxied: true } => _asked.Name == ServiceReference.Default.PathName ? "sandcastle-user" : null,
        { Resource: "pods", IsProxied: true } => "sandcastle-direct",
        { Verb: "patch", Subresource: "scale" } => "sandcastle-scaler",
        _ => "sandcastle-viewer",
    };

    private string Subject()
    {
        if (_user.StartsWith(ServiceAccountPrefix, StringComparison.Ordinal))
        {
            return $"--serviceaccount={_user[ServiceAccountPrefix.Length..]}";
        }

        return NeedsQuotes().IsMatch(_user) ? $"--user='{_user.Replace("'", "'\\''", StringComparison.Ordinal)}'" : $"--user={_user}";
    }

    [GeneratedRegex("""is forbidden: User "(?<user>[^"]*)" cannot """, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Forbidden();

    [GeneratedRegex("[^a-z0-9.-]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotInNames();

    [GeneratedRegex("[^A-Za-z0-9_@%+=:,./-]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NeedsQuotes();
}
