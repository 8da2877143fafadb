namespace Sandcastle.Client.Servers;

/// <summary>
/// The server that a user runs for himself when none is named: where its data, its socket and its key are.
/// Both directories belong to the user alone, which is what guards the socket; docs/decisions/0009 says why /tmp is no such place.
/// </summary>
public sealed record LocalServer
{
    public required string DataDirectory { get; init; }

    public required string SocketPath { get; init; }

    public string ApiKeyPath => Path.Combine(DataDirectory, "api-key");

    public string LogPath => Path.Combine(DataDirectory, "sandcastled.log");

    /// <summary>Held by whoever starts the server.</summary>
    public string LockPath => Path.Combine(DataDirectory, "start.lock");

    /// <summary>Held by the server itself, to its very end.</summary>
    public string DaemonLockPath => Path.Combine(DataDirectory, "lock");

    public ServerAddress Address => ServerAddress.Unix(SocketPath);

    /// <summary>
    /// Data: <c>SANDCASTLE_DATA_DIR</c>, else <c>${XDG_DATA_HOME:-~/.local/share}/sandcastle</c>.
    /// Socket: beside the data where that variable names it (each data directory has its own server), else
    /// <c>$XDG_RUNTIME_DIR/sandcastle/</c>, else beside the data.
    /// </summary>
    public static LocalServer FromEnvironment() => From(Environment.GetEnvironmentVariable, Home);

    internal static LocalServer From(Func<string, string?> variable, Func<string> home)
    {
        var named = Value("SANDCASTLE_DATA_DIR");
        var data = Path.GetFullPath(named ?? Path.Combine(Value("XDG_DATA_HOME") ?? Path.Combine(home(), ".local", "share"), "sandcastle"));
        var runtime = named is null ? Value("XDG_RUNTIME_DIR") : null;
        var sockets = runtime is null ? data : Path.Combine(runtime, "sandcastle");
        return new LocalServer { DataDirectory = data, SocketPath = Path.Combine(sockets, "sandcastled.sock") };

        string? Value(string name) => variable(name) is { Length: > 0 } value ? value : null;
    }

    /// <summary>The key that the server made at its first start; null when there is none that this user can read.</summary>
    public string? ReadApiKey()
    {
        try
        {
            return File.ReadAllText(ApiKeyPath).Trim() is { Length: > 0 } key ? key : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Home() => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
}
