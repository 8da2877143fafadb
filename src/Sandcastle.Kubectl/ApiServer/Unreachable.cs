using System.Security.Authentication;
using Sandcastle.Cli;
using Sandcastle.Kubectl.Kubeconfigs;

namespace Sandcastle.Kubectl.ApiServer;

/// <summary>Says why an API server could not be spoken to.</summary>
internal static class Unreachable
{
    public static CommandException Of(KubeContext context, Exception cause)
    {
        var server = $"the API server {context.Cluster.Server.AbsoluteUri.TrimEnd('/')} of context '{context.Name}'";
        if (cause is not HttpRequestException e)
        {
            return new CommandException($"{server} does not answer: the connection could not be made in time", ExitCodes.Unavailable, cause);
        }

        return e.HttpRequestError switch
        {
            HttpRequestError.SecureConnectionError => new CommandException(
                $"{server} and this client do not trust each other: {Reason(e)} (certificate-authority and tls-server-name of the cluster, client-certificate of the user)",
                ExitCodes.Configuration,
                e),
            HttpRequestError.ProxyTunnelError => new CommandException($"{server} cannot be reached through the proxy: {e.Message}", ExitCodes.Unavailable, e),
            HttpRequestError.NameResolutionError => new CommandException($"cannot reach {server}: its name does not resolve", ExitCodes.Unavailable, e),
            HttpRequestError.ConnectionError => new CommandException($"cannot reach {server}: {Reason(e)}", ExitCodes.Unavailable, e),
            _ => new CommandException($"{server} went away before it answered: {Reason(e)}", ExitCodes.Unavailable, e),
        };
    }

    /// <summary>The cause says it shorter than what wraps it.</summary>
    private static string Reason(Exception e)
    {
        var innermost = e;
        while (innermost.InnerException is { } inner)
        {
            innermost = inner;
        }

        return innermost is AuthenticationException or IOException or System.Net.Sockets.SocketException ? innermost.Message : e.Message;
    }
}
