using Sandcastle.Cli;
using Sandcastle.Kubectl.Credentials;
using Sandcastle.Kubectl.Kubeconfigs;

namespace Sandcastle.Kubectl.Tests.Credentials;

/// <summary>Credential plugins: what they are handed, and what becomes of what they print.</summary>
public sealed class CredentialPluginTests : IDisposable
{
    private const string V1 = "client.authentication.k8s.io/v1";

    private readonly TestDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Token_is_what_the_plugin_prints_and_arguments_arrive_as_they_are()
    {
        var plugin = Plugin("""
            printf '%s\n' "$#" "$1" "$2" "$GREETING" "$KUBERNETES_EXEC_INFO" >"$0.seen"
            """ + Prints("\"token\": \"secret\""));

        var credential = await new PluginCredentials(
            Context(plugin) with
            {
                User = Context(plugin).User with
                {
                    Exec = Context(plugin).User.Exec! with { Arguments = ["two words", "$HOME"], Environment = new Dictionary<string, string?> { ["GREETING"] = "hi" }, ProvideClusterInfo = true },
                },
            },
            TimeProvider.System).GetAsync(TestContext.Current.CancellationToken);

        credential.Authorization!.ToString().ShouldBe("Bearer secret");
        File.ReadAllLines($"{plugin}.seen").ShouldBe(["2", "two words", "$HOME", "hi",
            """{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"interactive":false,"cluster":{"server":"https://h:6443","tls-server-name":"kube"}}}"""]);
    }

    [Fact]
    public async Task Token_is_asked_for_again_when_it_has_expired()
    {
        var clock = new ManualClock();
        var plugin = Plugin("""
            echo again >>"$0.seen"
            """ + Prints($"\"token\": \"t\", \"expirationTimestamp\": \"{clock.GetUtcNow().AddMinutes(5):O}\""));
        using var credentials = new PluginCredentials(Context(plugin), clock);

        await credentials.GetAsync(TestContext.Current.CancellationToken);
        await credentials.GetAsync(TestContext.Current.CancellationToken);
        File.ReadAllLines($"{plugin}.seen").Length.ShouldBe(1);
        clock.Advance(TimeSpan.FromMinutes(5));
        await credentials.GetAsync(TestContext.Current.CancellationToken);

        File.ReadAllLines($"{plugin}.seen").Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("exit 3", "failed with exit code 3")]
    [InlineData("echo hello", "gave no credentials: what it printed is not JSON")]
    [InlineData("echo '{\"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/v1beta1\"}'", "instead of ExecCredential of client.authentication.k8s.io/v1")]
    [InlineData("echo '{\"kind\": \"ExecCredential\", \"apiVersion\": \"client.authentication.k8s.io/v1\", \"status\": {}}'", "has neither a token nor a client certificate")]
    public async Task Plugin_that_gives_none_is_named_with_its_user(string script, string message)
    {
        var refusal = await FailAsync(Context(Plugin(script)));

        refusal.Message.ShouldStartWith($"the credential plugin '{_directory.Root}/plugin' of user 'jane' ");
        refusal.Message.ShouldContain(message);
        refusal.ExitCode.ShouldBe(ExitCodes.Configuration);
    }

    [Fact]
    public async Task Plugin_that_is_missing_says_how_to_install_it() =>
        (await FailAsync(Context("/nonexistent/plugin"))).Message.ShouldEndWith("; apt-get install plugin");

    [Fact]
    public async Task Plugin_that_must_ask_somebody_is_not_started_without_a_terminal()
    {
        var plugin = Plugin("touch \"$0.seen\"");
        var context = Context(plugin);

        var refusal = await FailAsync(context with { User = context.User with { Exec = context.User.Exec! with { InteractiveMode = "Always" } } });

        refusal.Message.ShouldContain("asks for something at the terminal");
        File.Exists($"{plugin}.seen").ShouldBeFalse();
    }

    private static async Task<CommandException> FailAsync(KubeContext context) => await Should.ThrowAsync<CommandException>(
        async () => await new PluginCredentials(context, TimeProvider.System).GetAsync(TestContext.Current.CancellationToken));

    private string Plugin(string script) => _directory.Write("plugin", $"#!/bin/sh\n{script}\n", executable: true);

    private static string Prints(string status) =>
        $$$"""

        echo '{"apiVersion": "{{{V1}}}", "kind": "ExecCredential", "status": {{{{status}}}}}'
        """;

    private static KubeContext Context(string plugin) => new()
    {
        Name = "c",
        UserName = "jane",
        Namespace = "default",
        Cluster = new ClusterEntry { Server = new Uri("https://h:6443/"), TlsServerName = "kube" },
        User = new UserEntry
        {
            Exec = new ExecEntry { ApiVersion = V1, Command = plugin, InteractiveMode = "IfAvailable", InstallHint = "apt-get install plugin" },
        },
    };
}
