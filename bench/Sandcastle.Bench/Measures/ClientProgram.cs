namespace Sandcastle.Bench.Measures;

/// <summary>The native client and the environment that points it at a server, or at none.</summary>
internal static class ClientProgram
{
    /// <exception cref="BenchException">It was not built.</exception>
    public static string Find() => File.Exists(Repository.Client)
        ? Repository.Client
        : throw new BenchException("bin/sandcastle, the native client, was not built: make build");

    /// <summary>The client's server has its socket and key in the data directory; without one it starts a daemon there.</summary>
    public static Dictionary<string, string> Environment(string dataDirectory) => new()
    {
        ["SANDCASTLE_DATA_DIR"] = dataDirectory,
        ["SANDCASTLE_SERVER"] = "",
        ["SANDCASTLE_API_KEY"] = "",
        ["SANDCASTLED"] = Repository.Daemon,
    };
}
