using System.ComponentModel;
using System.Text;
using System.Text.Json;
using Sandcastle.Cli;
using Sandcastle.Cli.Processes;
using Sandcastle.Kubectl.Kubeconfigs;

namespace Sandcastle.Kubectl.Credentials;

/// <summary>Runs the program that a kubeconfig names for a user (client-go credential plugins). What it says on stderr is for the person who waits.</summary>
internal static class CredentialPlugin
{
    private const string InfoVariable = "KUBERNETES_EXEC_INFO";

    /// <exception cref="CommandException">It is missing, fails, or prints no credentials.</exception>
    public static async Task<PluginAnswer> RunAsync(KubeContext context, CancellationToken cancellationToken)
    {
        var exec = context.User.Exec!;
        var interactive = exec.InteractiveMode != "Never" && !Console.IsInputRedirected;
        if (exec.InteractiveMode == "Always" && !interactive)
        {
            throw Failure(context, "asks for something at the terminal, and our stdin is none");
        }

        var environment = new Dictionary<string, string?>(exec.Environment) { [InfoVariable] = Info(context, interactive) };
        try
        {
            var (exitCode, output) = await ChildProcess.CaptureAsync(exec.Command, exec.Arguments, environment, interactive, cancellationToken);
            return exitCode == 0 ? PluginAnswer.Parse(output, exec.ApiVersion) : throw Failure(context, $"failed with exit code {exitCode}");
        }
        catch (Win32Exception e)
        {
            throw Failure(context, $"cannot be executed: {e.Message}{(exec.InstallHint is { } hint ? $"; {hint.Trim()}" : "")}");
        }
        catch (FormatException e)
        {
            throw Failure(context, $"gave no credentials: {e.Message}");
        }
    }

    private static CommandException Failure(KubeContext context, string what) => new(
        $"the credential plugin '{context.User.Exec!.Command}' of user '{context.UserName}' {what}", ExitCodes.Configuration);

    /// <summary>The ExecCredential that the plugin is handed.</summary>
    private static string Info(KubeContext context, bool interactive)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            json.WriteString("apiVersion", context.User.Exec!.ApiVersion);
            json.WriteString("kind", "ExecCredential");
            json.WriteStartObject("spec");
            json.WriteBoolean("interactive", interactive);
            if (context.User.Exec.ProvideClusterInfo)
            {
                WriteCluster(json, context.Cluster);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(memory.ToArray());
    }

    private static void WriteCluster(Utf8JsonWriter json, ClusterEntry cluster)
    {
        json.WriteStartObject("cluster");
        json.WriteString("server", cluster.Server.AbsoluteUri.TrimEnd('/'));
        if (cluster.TlsServerName is { } name)
        {
            json.WriteString("tls-server-name", name);
        }

        if (cluster.SkipTlsVerify)
        {
            json.WriteBoolean("insecure-skip-tls-verify", true);
        }

        if (cluster.AuthorityPem is { } authority)
        {
            json.WriteBase64String("certificate-authority-data", Encoding.UTF8.GetBytes(authority));
        }

        if (cluster.ProxyUrl is { } proxy)
        {
            json.WriteString("proxy-url", proxy.OriginalString);
        }

        json.WriteEndObject();
    }
}
