namespace Sandcastle.Kubectl.Kubeconfigs;

/// <summary>Reads the user that a context acts as.</summary>
internal static class UserReader
{
    private const string V1 = "client.authentication.k8s.io/v1";
    private const string V1Beta1 = "client.authentication.k8s.io/v1beta1";

    public static UserEntry Read(YamlFields user)
    {
        if (user.Map("auth-provider") is { IsThere: true } provider)
        {
            throw user.Wrong("auth-provider", $"'{provider.Text("name")}' is not supported; kubectl's own successor of it is a credential plugin (exec)");
        }

        var certificate = user.Contents("client-certificate");
        var key = user.Contents("client-key");
        if (certificate is null != key is null)
        {
            throw certificate is null
                ? user.Wrong("client-key", "is there without client-certificate")
                : user.Wrong("client-certificate", "is there without client-key");
        }

        return new UserEntry
        {
            CertificatePem = certificate,
            KeyPem = key,
            Token = user.Text("token"),
            TokenFile = user.Path("tokenFile"),
            Username = user.Text("username"),
            Password = user.Text("password"),
            Impersonation = Impersonation(user),
            Exec = user.Map("exec") is { IsThere: true } exec ? Exec(exec) : null,
        };
    }

    private static List<KeyValuePair<string, string>> Impersonation(YamlFields user)
    {
        var headers = new List<KeyValuePair<string, string>>();
        Add("Impersonate-User", user.Text("as"));
        Add("Impersonate-Uid", user.Text("as-uid"));
        foreach (var group in user.Texts("as-groups"))
        {
            Add("Impersonate-Group", group);
        }

        var extra = user.Map("as-user-extra");
        foreach (var name in extra.Names())
        {
            foreach (var value in extra.Texts(name))
            {
                Add($"Impersonate-Extra-{Uri.EscapeDataString(name)}", value);
            }
        }

        return headers.Count == 0 || user.Text("as") is not null
            ? headers
            : throw user.Wrong("as", "is missing beside as-groups, as-uid or as-user-extra");

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                headers.Add(new(name, value));
            }
        }
    }

    private static ExecEntry Exec(YamlFields exec)
    {
        var version = exec.Required("apiVersion");
        if (version is not (V1 or V1Beta1))
        {
            throw exec.Wrong("apiVersion", $"is '{version}'; {V1} and {V1Beta1} are supported");
        }

        var mode = exec.Text("interactiveMode") ?? (version == V1 ? throw exec.Wrong("interactiveMode", "is missing") : "IfAvailable");
        if (mode is not ("Never" or "IfAvailable" or "Always"))
        {
            throw exec.Wrong("interactiveMode", $"is '{mode}', which is none of Never, IfAvailable and Always");
        }

        // A name alone is looked for in PATH; anything with a slash is a path, relative to the kubeconfig.
        var command = exec.Required("command");
        return new ExecEntry
        {
            ApiVersion = version,
            Command = command.Contains('/', StringComparison.Ordinal) ? exec.Path("command")! : command,
            Arguments = exec.Texts("args"),
            Environment = exec.Maps("env").GroupBy(variable => variable.Required("name"))
                .ToDictionary(same => same.Key, same => (string?)(same.Last().Text("value") ?? "")),
            InteractiveMode = mode,
            ProvideClusterInfo = exec.Flag("provideClusterInfo"),
            InstallHint = exec.Text("installHint"),
        };
    }
}
